// What a file of sound is, told by its first bytes and not by its name: the twin of fieldsales/documents/sounds.py.

const SIGNS = [
  [0, "#!AMR", "audio/amr"], [0, "OggS", "audio/ogg"], [0, "ID3", "audio/mpeg"], [0, "\x1aE\xdf\xa3", "audio/webm"], [8, "WAVE", "audio/wav"],
  [4, "ftyp3g", "audio/3gpp"], [4, "ftyp", "audio/mp4"], [0, "\xff\xf1", "audio/aac"], [0, "\xff\xf9", "audio/aac"],
  [0, "\xff\xfb", "audio/mpeg"], [0, "\xff\xfa", "audio/mpeg"], [0, "\xff\xf3", "audio/mpeg"], [0, "\xff\xf2", "audio/mpeg"], [0, "\xff\xe3", "audio/mpeg"],
];

/** One of the kinds that are taken, or "". @param {ArrayBuffer} bytes */
export function soundOf(bytes) {
  const head = String.fromCharCode(...new Uint8Array(bytes.slice(0, 16)));
  return SIGNS.find(([at, sign]) => head.startsWith(sign, at))?.[2] ?? "";
}
