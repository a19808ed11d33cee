// What our own stores say of themselves.
export const CONNECTION_OWNERS = ['reactor', 'others'] as const;
export const CONNECTION_STATES = ['active', 'idle', 'in_transaction', 'others'] as const;

export interface PostgresHealth {
  readonly connectionsMax: number;
  readonly databaseBytes: number;
  /** To our database (reactor) and to the others of the server; only those that there are. */
  readonly connections: readonly {
    readonly owner: (typeof CONNECTION_OWNERS)[number];
    readonly state: (typeof CONNECTION_STATES)[number];
    readonly connections: number;
  }[];
}

export interface RedisHealth {
  readonly clients: number;
  readonly usedMemoryBytes: number;
  /** 0: without a limit. */
  readonly memoryMaxBytes: number;
  readonly evictedKeys: number;
}
