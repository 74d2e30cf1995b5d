/** The record of the icon, in the colours of the page. */
export function Logo({ size = 28 }: { size?: number | string }) {
  return (
    <svg width={size} height={size} viewBox="0 0 64 64" aria-hidden="true">
      <circle cx="32" cy="32" r="30" fill="var(--record)" />
      <circle cx="32" cy="32" r="23" fill="none" stroke="var(--record-groove)" strokeWidth="1.5" />
      <circle cx="32" cy="32" r="17.5" fill="none" stroke="var(--record-groove)" strokeWidth="1.5" />
      <circle cx="32" cy="32" r="11.5" fill="#f2a33a" />
      <circle cx="32" cy="32" r="2.5" fill="#171411" />
    </svg>
  );
}
