// The files of papers and photos by name and address: a sealed paper as its PDF and as pictures of its pages, a photo as the office shows it.
import { carriedFile, fetchFile, ownFile } from "../kernel/carried.js";

export const PDF = "application/pdf";

/** The PDF of a sealed paper. */
export const pdfOf = (id) => ({ name: `pdf/${id}`, path: `/documents/${id}.pdf` });
/** Page `n` of a sealed paper, as a picture. */
export const pageOf = (id, n) => ({ name: `page/${id}/${n}`, path: `/documents/${id}/pages/${n}.png` });
/** A photo or scan by its hash: the copy the office made for looking at. */
export const photoOf = (sha256) => ({ name: `photo/${sha256}`, path: `/api/v1/blobs/${sha256}` });
/** Page `n` of a scanned PDF, as a picture. */
export const scanPageOf = (sha256, n) => ({ name: `page/${sha256}/${n}`, path: `/api/v1/blobs/${sha256}?page=${n}` });

/** The file from this phone, else from the office (and then kept). Throws when it is neither here nor to be had. */
export const fileOf = async ({ name, path }) => (await carriedFile(name)) ?? fetchFile(name, path);

const urlOf = ({ bytes, mime }) => URL.createObjectURL(new Blob([bytes], { type: mime }));

/** The pictures of `source` one after another: `{kind: "paper", id}` or `{kind: "photo", sha256}` → `{url, n, of}`. Whoever takes an url revokes it. */
export async function* pictures(source) {
  let page = (n) => pageOf(source.id, n);
  if (source.kind === "photo") {
    const file = (await ownFile(source.sha256)) ?? (await fileOf(photoOf(source.sha256)));
    if (file.mime !== PDF) {
      yield { url: urlOf(file), n: 1, of: 1 };
      return;
    }
    page = (n) => scanPageOf(source.sha256, n);
  }
  for (let n = 1, of = 1; n <= of; n++) {
    const file = await fileOf(page(n));
    of = Math.max(of, file.pages);
    yield { url: urlOf(file), n, of };
  }
}

/** The picture of a photo if it is on this phone, else "": a thumbnail asks nobody. */
export async function urlHere(sha256) {
  const file = (await ownFile(sha256)) ?? (await carriedFile(photoOf(sha256).name));
  return file && file.mime !== PDF ? urlOf(file) : "";
}
