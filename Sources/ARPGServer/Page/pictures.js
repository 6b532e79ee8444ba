/** The bytes of a file as a data URL. */
export function dataURL(blob) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.onerror = () => reject(new Error(`${blob.name ?? 'The file'} cannot be read. Choose another one.`));
    reader.readAsDataURL(blob);
  });
}

const longestSide = 2048;

/** A picture to draw, and the data URL for the server: the file as it is, or smaller where it is larger than of use. */
export async function readPicture(blob) {
  const url = await dataURL(blob);
  const image = await decode(url, blob.name);
  const scale = longestSide / Math.max(image.naturalWidth, image.naturalHeight);
  if (scale >= 1) return { url, image };
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(image.naturalWidth * scale));
  canvas.height = Math.max(1, Math.round(image.naturalHeight * scale));
  drawFitted(canvas.getContext('2d'), image, 'stretch');
  const smaller = canvas.toDataURL(blob.type === 'image/jpeg' ? 'image/jpeg' : 'image/png', 0.95);
  return { url: smaller, image: await decode(smaller, blob.name) };
}

/** An image of a data URL or an object URL. */
export async function decode(url, name = 'The file') {
  const image = new Image();
  image.src = url;
  try {
    await image.decode();
  } catch {
    throw new Error(`${name} is no picture that this browser can show. Choose a PNG, JPEG or WebP file.`);
  }
  return image;
}

/** The first picture of a drop or a paste, or null. */
export function pictureOf(transfer) {
  return [...(transfer?.files ?? [])].find((file) => file.type.startsWith('image/')) ?? null;
}

/** Draws a picture into a canvas by the rule that the server fits inputs by. */
export function drawFitted(context, image, fit) {
  const { width, height } = context.canvas;
  const imageWidth = image.naturalWidth ?? image.width, imageHeight = image.naturalHeight ?? image.height;
  const across = width / imageWidth, down = height / imageHeight;
  const scale = fit === 'pad' ? Math.min(across, down) : Math.max(across, down);
  const w = fit === 'stretch' ? width : imageWidth * scale;
  const h = fit === 'stretch' ? height : imageHeight * scale;
  context.imageSmoothingQuality = 'high';
  context.drawImage(image, (width - w) / 2, (height - h) / 2, w, h);
}

/** Makes an element take files: `take(file)` for a picture dropped on it. */
export function takeDrops(target, take) {
  let depth = 0;
  const mark = (change) => {
    depth = change === 0 ? 0 : Math.max(0, depth + change);
    target.classList.toggle('dropping', depth > 0);
  };
  target.addEventListener('dragenter', () => mark(1));
  target.addEventListener('dragleave', () => mark(-1));
  target.addEventListener('dragover', (event) => event.preventDefault());
  target.addEventListener('drop', (event) => {
    event.preventDefault();
    mark(0);
    const file = pictureOf(event.dataTransfer);
    if (file) take(file);
  });
}
