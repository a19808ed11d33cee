// The connection to Temporal, configured by Temporal's own environment configuration and files.
import { Client, Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';

export interface TemporalAddress {
  readonly address: string;
  readonly namespace: string;
}

/** Where Temporal is, by TEMPORAL_ADDRESS and the other TEMPORAL_* settings; for logs and pages. */
export function temporalAddress(): TemporalAddress {
  const config = loadClientConnectConfig();
  return {
    address: config.connectionOptions.address ?? 'localhost:7233',
    namespace: config.namespace ?? 'default',
  };
}

/** A client; throws when Temporal does not answer within ten seconds. */
export async function connectClient(): Promise<Client> {
  const { connectionOptions, namespace } = loadClientConnectConfig();
  const connection = await Connection.connect({ ...connectionOptions, connectTimeout: '10s' });
  return new Client({ connection, namespace: namespace ?? 'default' });
}
