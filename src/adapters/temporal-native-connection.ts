// The worker's connection to Temporal; apart, because its library is large and only workers need
// it.
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { NativeConnection } from '@temporalio/worker';

/** The worker's own connection; throws when Temporal does not answer. */
export function connectNative(): Promise<NativeConnection> {
  return NativeConnection.connect(loadClientConnectConfig().connectionOptions);
}
