/** A made-up cover as SVG: `seed` chooses its colours and shapes. */
export function fakeCover(seed: number): string {
  const hue = (seed * 67) % 360;
  const paint = (offset: number, light: number) => `hsl(${(hue + offset) % 360} 62% ${light}%)`;
  const shapes = [
    `<circle cx="${180 + ((seed * 53) % 240)}" cy="260" r="${120 + ((seed * 29) % 90)}" fill="${paint(40, 62)}"/>`,
    `<rect x="${(seed * 31) % 200}" y="330" width="420" height="130" fill="${paint(180, 48)}" opacity=".85"/>`,
    `<path d="M0 600 L300 ${260 + ((seed * 17) % 160)} L600 600 Z" fill="${paint(310, 22)}" opacity=".9"/>`,
  ];
  return [
    '<svg xmlns="http://www.w3.org/2000/svg" width="600" height="600" viewBox="0 0 600 600">',
    `<rect width="600" height="600" fill="${paint(0, 34)}"/>`,
    ...shapes,
    '</svg>',
  ].join('');
}
