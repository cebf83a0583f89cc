/** The clinic's colour, and the writing that can be read on it. */

const DEFAULT = "#0b5c73";

function luminance(hex: string): number {
  const [red, green, blue] = [1, 3, 5].map((start) => {
    const value = parseInt(hex.slice(start, start + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** `#rrggbb`, and black or white: one of them has 4.5 : 1 on any colour. Other values give our own colour. */
export function colours(wanted: string | null | undefined): { colour: string; ink: string } {
  const colour = wanted && /^#[0-9a-f]{6}$/i.test(wanted) ? wanted : DEFAULT;
  const light = luminance(colour);
  return { colour, ink: 1.05 / (light + 0.05) >= (light + 0.05) / 0.05 ? "#ffffff" : "#000000" };
}
