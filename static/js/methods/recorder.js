// Records sound inside the page: small (a voice, mono), never above a size, and what was recorded is handed over however it ends.

/** What the platform can write, best first; each is a kind that is taken. */
const KINDS = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus", "audio/webm"];
/** A voice is understood well at this many bits a second: twenty megabytes hold an hour and a half. */
const BITS = 32_000;
/** Milliseconds between two pieces: no more than one is lost, and the size is known while it grows. */
const PIECE = 1000;

const kind = () => KINDS.find((one) => globalThis.MediaRecorder?.isTypeSupported?.(one));

/** Whether this browser can record; where it cannot, a file is chosen. */
export const canRecord = () => Boolean(globalThis.isSecureContext && navigator.mediaDevices?.getUserMedia && kind());

/** Minutes and seconds since an instant in milliseconds. */
export const clockOf = (ms) => `${Math.floor(ms / 60_000)}:${String(Math.floor(ms / 1000) % 60).padStart(2, "0")}`;

/** How many milliseconds fit into so many bytes, with room for what holds them. */
export const longest = (bytes) => Math.floor((bytes * 0.9 * 8) / BITS) * 1000;

/**
 * Begins: the platform asks for the microphone. Rejects with what `getUserMedia` says (NotAllowedError, NotFoundError …).
 * `most`: bytes; a piece that would go beyond is left out and the recording ends. `onEnd(blob, full)`: what there is, or null when it was discarded or is empty.
 */
export async function startRecording({ most, onEnd }) {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true } });
  const recorder = new MediaRecorder(stream, { mimeType: kind(), audioBitsPerSecond: BITS });
  const pieces = [];
  let size = 0;
  let full = false;
  let wanted = true;
  const stop = () => recorder.state !== "inactive" && recorder.stop();
  recorder.addEventListener("dataavailable", ({ data }) => {
    if (full || size + data.size > most) {
      full = true;
      stop();
      return;
    }
    pieces.push(data);
    size += data.size;
  });
  recorder.addEventListener("stop", () => {
    for (const track of stream.getTracks()) track.stop();
    onEnd(wanted && size ? new Blob(pieces, { type: recorder.mimeType.split(";")[0] }) : null, full);
  });
  recorder.addEventListener("error", stop);
  // another app took the microphone (a call came in): what there is stays
  stream.getAudioTracks()[0].addEventListener("ended", stop);
  recorder.start(PIECE);
  return {
    began: Date.now(),
    stop,
    discard() {
      wanted = false;
      stop();
    },
  };
}
