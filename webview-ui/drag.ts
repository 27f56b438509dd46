/** A drag: from a button of the mouse that went down to where it is let go. */

/** Follows the pointer of a `pointerdown` event, also outside the element, until it is let go. */
export function followPointer(
  element: HTMLElement,
  { pointerId }: PointerEvent,
  move: (event: PointerEvent) => void,
): void {
  element.setPointerCapture(pointerId);
  const end = (): void => {
    element.removeEventListener('pointermove', move);
    element.removeEventListener('pointerup', end);
    element.removeEventListener('pointercancel', end);
  };
  element.addEventListener('pointermove', move);
  element.addEventListener('pointerup', end);
  element.addEventListener('pointercancel', end);
}
