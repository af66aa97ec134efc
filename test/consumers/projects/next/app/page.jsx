import { outcome } from '../outcome.js';
import { Client } from './client.jsx';

/** Rendered on the server, at the time of the build. */
export default async function Page() {
  const [answer] = await outcome({ backend: 'cpu' });
  return (
    <main>
      <code id="server">{JSON.stringify(answer)}</code>
      <Client />
    </main>
  );
}
