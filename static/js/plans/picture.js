// A signature's strokes as a picture on white: what a form keeps of it. Drawn alike on the phone and at the office.

const MARGIN = 200; // of a stroke's unit: a tenth of a pixel
const WIDEST = 1000;

/** The strokes cut to what was drawn. @returns {Promise<Blob>} PNG */
export function pictureOf({ strokes }) {
  const points = strokes.flat();
  const [left, top] = [0, 1].map((at) => Math.min(...points.map((point) => point[at])) - MARGIN);
  const [right, bottom] = [0, 1].map((at) => Math.max(...points.map((point) => point[at])) + MARGIN);
  const scale = Math.min(0.1, WIDEST / (right - left));
  const canvas = Object.assign(document.createElement("canvas"), { width: Math.ceil((right - left) * scale), height: Math.ceil((bottom - top) * scale) });
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  Object.assign(pen, { lineWidth: Math.max(1.5, 26 * scale), lineCap: "round", lineJoin: "round", strokeStyle: "#14201f" });
  for (const stroke of strokes) {
    pen.beginPath();
    stroke.forEach(([x, y], n) => (n ? pen.lineTo((x - left) * scale, (y - top) * scale) : pen.moveTo((x - left) * scale, (y - top) * scale)));
    if (stroke.length === 1) pen.lineTo((stroke[0][0] - left) * scale + 0.1, (stroke[0][1] - top) * scale);
    pen.stroke();
  }
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}
