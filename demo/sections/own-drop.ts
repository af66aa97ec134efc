/**
 * Takes files that are dropped anywhere on a section, which shows that it would. One that misses it does nothing: the
 * browser would leave the page for it.
 */
export function acceptDrops(section: HTMLElement, onFile: (file: File) => void, signal: AbortSignal): void {
  const show = (isOver: boolean) => section.classList.toggle('dropping', isOver);
  const isInside = ({ target }: Event) => target instanceof Node && section.contains(target);
  addEventListener(
    'dragover',
    (event) => {
      if (!event.dataTransfer?.types.includes('Files')) return; // words, say, which may be dropped into a field
      event.preventDefault();
      event.dataTransfer.dropEffect = isInside(event) ? 'copy' : 'none';
      show(isInside(event));
    },
    { signal },
  );

  addEventListener(
    'dragleave',
    ({ relatedTarget }) => {
      if (relatedTarget === null) show(false); // it has left the window
    },
    { signal },
  );
  addEventListener(
    'drop',
    (event) => {
      const [file] = event.dataTransfer?.files ?? [];
      if (!file) return;
      event.preventDefault();
      show(false);
      if (isInside(event)) onFile(file);
    },
    { signal },
  );
}
