// QR codes from pictures and camera frames: the browser's BarcodeDetector where there is one, else
// jsQR, which is loaded only then.

interface Detector {
    detect(source: CanvasImageSource): Promise<{ rawValue: string }[]>;
}

type DetectorClass = {
    new (options: { formats: string[] }): Detector;
    getSupportedFormats(): Promise<string[]>;
};

async function makeDetector(): Promise<Detector | undefined> {
    const known = (window as { BarcodeDetector?: DetectorClass }).BarcodeDetector;
    if (!known) return undefined;
    try {
        const formats = await known.getSupportedFormats();
        return formats.includes("qr_code") ? new known({ formats: ["qr_code"] }) : undefined;
    } catch {
        return undefined;
    }
}

let detector: Promise<Detector | undefined> | undefined;

// Enough for a code that fills a tenth of the picture; more only costs time.
const sideMax = 1600;

function pixels(source: CanvasImageSource, width: number, height: number): ImageData | undefined {
    const scale = Math.min(1, sideMax / Math.max(width, height, 1));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(width * scale));
    canvas.height = Math.max(1, Math.round(height * scale));
    const context = canvas.getContext("2d", { willReadFrequently: true });
    if (!context) return undefined;
    context.drawImage(source, 0, 0, canvas.width, canvas.height);
    return context.getImageData(0, 0, canvas.width, canvas.height);
}

async function readPixels(image: ImageData | undefined): Promise<string | undefined> {
    if (!image) return undefined;
    const { default: jsQR } = await import("jsqr");
    return jsQR(image.data, image.width, image.height)?.data || undefined;
}

// The text of the first QR code seen, if any.
export async function readQr(
    source: CanvasImageSource,
    width: number,
    height: number,
): Promise<string | undefined> {
    detector ??= makeDetector();
    const native = await detector;
    if (native) {
        try {
            const found = await native.detect(source);
            if (found[0]) return found[0].rawValue;
        } catch {
            // Some systems have the class but not the service behind it: fall through to jsQR.
        }
    }
    return readPixels(pixels(source, width, height));
}

// Undefined when the picture holds no code; rejects when the file is not a picture.
export async function readPicture(file: Blob): Promise<string | undefined> {
    const picture = await createImageBitmap(file);
    try {
        return await readQr(picture, picture.width, picture.height);
    } finally {
        picture.close();
    }
}
