// QR codes of digits in the smallest size: version 1, level M, numeric mode, which holds up to 34
// digits (ISO/IEC 18004). A payer code needs no more, so nothing larger is drawn here.

export const qrSize = 21;
const dataBytes = 16;
const checkBytes = 10;
const digitsMax = 34;

type Grid = boolean[][];
const emptyGrid = (): Grid =>
    Array.from({ length: qrSize }, () => Array<boolean>(qrSize).fill(false));

const bitsOf = (value: number, length: number): number[] =>
    Array.from({ length }, (_, n) => (value >> (length - 1 - n)) & 1);

// Mode, count and digits, ended and filled up as the standard says.
function dataOf(digits: string): number[] {
    const groups = (digits.match(/\d{1,3}/g) ?? []).flatMap((group) =>
        bitsOf(Number(group), group.length * 3 + 1),
    );
    const bits = [...bitsOf(1, 4), ...bitsOf(digits.length, 10), ...groups];
    bits.push(...Array<number>(Math.min(4, dataBytes * 8 - bits.length)).fill(0));
    while (bits.length % 8 !== 0) bits.push(0);
    const bytes: number[] = [];
    for (let n = 0; n < bits.length; n += 8) {
        bytes.push(bits.slice(n, n + 8).reduce((byte, bit) => byte * 2 + bit, 0));
    }
    for (let pad = 0xec; bytes.length < dataBytes; pad ^= 0xec ^ 0x11) bytes.push(pad);
    return bytes;
}

// In the field of 256 elements with the polynomial 0x11d.
function times(a: number, b: number): number {
    let product = 0;
    for (let bit = 7; bit >= 0; bit--) {
        product = (product << 1) ^ ((product >> 7) * 0x11d);
        if ((b >> bit) & 1) product ^= a;
    }
    return product;
}

// Reed and Solomon's check bytes: the rest of a division by (x - 1)(x - 2)(x - 4)..
function checksOf(data: number[]): number[] {
    let divisor = [1];
    for (let n = 0, root = 1; n < checkBytes; n++, root = times(root, 2)) {
        divisor = [...divisor, 0].map((c, k) => c ^ times(divisor[k - 1] ?? 0, root));
    }
    let rest = Array<number>(checkBytes).fill(0);
    for (const byte of data) {
        const factor = byte ^ (rest[0] ?? 0);
        rest = [...rest.slice(1), 0].map((c, k) => c ^ times(divisor[k + 1] ?? 0, factor));
    }
    return rest;
}

interface Drawing {
    dark: Grid;
    fixed: Grid; // finders, timing and format: no data lies there, and no mask
}

const set = (drawing: Drawing, x: number, y: number, dark: boolean): void => {
    const [row, fixed] = [drawing.dark[y], drawing.fixed[y]];
    if (!row || !fixed || x < 0 || x >= qrSize) return;
    row[x] = dark;
    fixed[x] = true;
};

function drawFinder(drawing: Drawing, cx: number, cy: number): void {
    for (let y = -4; y <= 4; y++) {
        for (let x = -4; x <= 4; x++) {
            const ring = Math.max(Math.abs(x), Math.abs(y));
            set(drawing, cx + x, cy + y, ring !== 2 && ring !== 4);
        }
    }
}

// Level M and the mask, with their own check bits, twice.
function drawFormat(drawing: Drawing, mask: number): void {
    let rest = mask;
    for (let n = 0; n < 10; n++) rest = (rest << 1) ^ ((rest >> 9) * 0x537);
    const format = ((mask << 10) | rest) ^ 0x5412;
    const bit = (n: number): boolean => ((format >> n) & 1) === 1;
    for (let n = 0; n < 15; n++) {
        const [x, y] = n < 6 ? [8, n] : n < 8 ? [8, n + 1] : n < 9 ? [7, 8] : [14 - n, 8];
        set(drawing, x, y, bit(n));
        if (n < 8) set(drawing, qrSize - 1 - n, 8, bit(n));
        else set(drawing, 8, qrSize - 15 + n, bit(n));
    }
    set(drawing, 8, 13, true);
}

function frame(mask: number): Drawing {
    const drawing = { dark: emptyGrid(), fixed: emptyGrid() };
    for (let n = 0; n < qrSize; n++) {
        set(drawing, 6, n, n % 2 === 0);
        set(drawing, n, 6, n % 2 === 0);
    }
    drawFinder(drawing, 3, 3);
    drawFinder(drawing, qrSize - 4, 3);
    drawFinder(drawing, 3, qrSize - 4);
    drawFormat(drawing, mask);
    return drawing;
}

const masks: ((x: number, y: number) => boolean)[] = [
    (x, y) => (x + y) % 2 === 0,
    (_, y) => y % 2 === 0,
    (x) => x % 3 === 0,
    (x, y) => (x + y) % 3 === 0,
    (x, y) => (Math.floor(y / 2) + Math.floor(x / 3)) % 2 === 0,
    (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
    (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
    (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];

// The free places in the order of the data: columns of two from the right, up and down in turn.
function places(fixed: Grid): [number, number][] {
    const found: [number, number][] = [];
    let up = true;
    for (const right of [20, 18, 16, 14, 12, 10, 8, 5, 3, 1]) {
        for (let n = 0; n < qrSize; n++) {
            const y = up ? qrSize - 1 - n : n;
            for (const x of [right, right - 1]) if (!fixed[y]?.[x]) found.push([x, y]);
        }
        up = !up;
    }
    return found;
}

function draw(bits: number[], mask: number): Grid {
    const { dark, fixed } = frame(mask);
    places(fixed).forEach(([x, y], n) => {
        const row = dark[y];
        if (row) row[x] = (bits[n] === 1) !== (masks[mask]?.(x, y) ?? false);
    });
    return dark;
}

// What makes a picture hard to read, in one line of it: long runs, and what looks like a finder.
function lineTrouble(line: boolean[]): number {
    const text = line.map((dark) => (dark ? "1" : "0")).join("");
    const runs = text.match(/0{5,}|1{5,}/g) ?? [];
    const finders = text.match(/(?=10111010000|00001011101)/g) ?? [];
    return runs.reduce((sum, run) => sum + run.length - 2, 0) + finders.length * 40;
}

function trouble(grid: Grid): number {
    const columns = grid.map((_, x) => grid.map((row) => row[x] ?? false));
    let sum = [...grid, ...columns].reduce((total, line) => total + lineTrouble(line), 0);
    for (let y = 1; y < qrSize; y++) {
        for (let x = 1; x < qrSize; x++) {
            const [above, row] = [grid[y - 1], grid[y]];
            const square = [above?.[x - 1], above?.[x], row?.[x - 1], row?.[x]];
            if (square.every(Boolean) || !square.some(Boolean)) sum += 3;
        }
    }
    const share = (grid.flat().filter(Boolean).length * 100) / (qrSize * qrSize);
    return sum + Math.floor(Math.abs(share - 50) / 5) * 10;
}

// The picture as rows of dark and light; undefined unless the text is 1 to 34 digits.
export function qrOfDigits(digits: string): Grid | undefined {
    if (!/^\d+$/.test(digits) || digits.length > digitsMax) return undefined;
    const data = dataOf(digits);
    const bits = [...data, ...checksOf(data)].flatMap((byte) => bitsOf(byte, 8));
    const drawn = masks.map((_, mask) => draw(bits, mask));
    return drawn.reduce((best, grid) => (trouble(grid) < trouble(best) ? grid : best));
}
