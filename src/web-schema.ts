// The settings of the web process: who may ask, by which names, how often.
import { z } from 'zod';

export const webSchema = z
  .strictObject({
    authentication: z
      .enum(['open', 'required'])
      .default('open')
      .meta({ description: 'whether callers need a token; open only on loopback' }),
    hosts: z
      .array(
        z.string().regex(/^[a-z0-9.:[\]-]+$/, 'must be a host name in lower case, without port'),
      )
      .default([])
      .meta({ description: 'further host names that the page and the API are reached by' }),
    publicStatus: z
      .boolean()
      .default(false)
      .meta({ description: 'whether anybody may see /status and the badges' }),
    readsPerMinute: z
      .int()
      .min(1)
      .default(6_000)
      .meta({ description: 'requests of one address in a minute' }),
    actionsPerMinute: z
      .int()
      .min(1)
      .default(60)
      .meta({ description: 'actions of one address in a minute' }),
  })
  .prefault({});
