/** A chosen picture, made small on the device: it goes faster, and tells neither place nor camera. */

const LONGEST = 2_048;
const PREVIEW = 320;
/** What phones make and few browsers can show: sent as it is, the gateway can read it. */
const HEIC = /\.(heic|heif)$/i;

export interface Photo {
  blob: Blob;
  /** A canvas, not an image address: a page's content policy need not allow any for it. */
  preview: HTMLCanvasElement | null;
}

/** Why a picture cannot be sent; the message is the key of the sentence that says so. */
export class Unusable extends Error {}

function drawn(bitmap: ImageBitmap, longest: number): HTMLCanvasElement {
  const scale = Math.min(1, longest / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  const pen = canvas.getContext("2d");
  if (!pen) throw new Unusable("photo_unreadable");
  pen.fillStyle = "#fff"; // under a see-through picture
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return canvas;
}

async function shrunk(bitmap: ImageBitmap): Promise<Photo> {
  const blob = await new Promise<Blob | null>((resolve) => drawn(bitmap, LONGEST).toBlob(resolve, "image/jpeg", 0.85));
  if (!blob) throw new Unusable("photo_unreadable");
  return { blob, preview: drawn(bitmap, PREVIEW) };
}

/** A JPEG of at most 2048 pixels with nothing else in it. Throws Unusable. */
export async function prepare(file: File, limit: number): Promise<Photo> {
  let photo: Photo;
  try {
    const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
    photo = await shrunk(bitmap);
    bitmap.close();
  } catch {
    if (!HEIC.test(file.name) && !/^image\/hei[cf]$/.test(file.type)) throw new Unusable("photo_unreadable");
    photo = { blob: file, preview: null };
  }
  if (photo.blob.size > limit) throw new Unusable("photo_too_large");
  return photo;
}
