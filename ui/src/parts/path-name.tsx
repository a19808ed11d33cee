// The name of a path as people say it: `A1/1 → B1/1 async`.
import { seatsOf } from '../format.js';

export function pathLabel(pathId: string): string {
  const { backend, receiver, sender } = seatsOf(pathId);
  return `${sender} → ${receiver} ${backend}`;
}

export function PathName({ pathId }: { pathId: string }) {
  const { backend, receiver, sender } = seatsOf(pathId);
  return (
    <>
      {sender} → {receiver} <span class="tag">{backend}</span>
    </>
  );
}
