// TEG to TEG: the calls of the table, one route each.
import { requireToken } from '../../service/auth.js';
import type { HttpService } from '../../service/http-service.js';
import type { Tokens } from '../../service/tokens.js';
import {
  factsOf,
  PEER_CALL_NAMES,
  PEER_CALLS,
  type PeerCall,
  type PeerMessage,
  type PeerService,
  peerMessage,
} from '../peer-calls.js';
import { refusal } from '../refusals.js';
import type { TransferFacts } from '../transfer.js';

export function addPeerRoutes(
  service: HttpService,
  frame: string,
  tokens: Tokens,
  peerService: PeerService,
): void {
  for (const call of PEER_CALL_NAMES) {
    const { path, summary, answer } = PEER_CALLS[call];
    service.post(
      path,
      {
        preHandler: requireToken('peer', tokens),
        schema: {
          summary,
          security: [{ bearer: [] }],
          body: peerMessage,
          response: { 200: answer },
        },
      },
      async (request) => peerService[call](requireFacts(frame, call, request.body)),
    );
  }
}

/** The outcome is asked of the sender's frame, everything else of the receiver's. */
function requireFacts(frame: string, call: PeerCall, message: PeerMessage): TransferFacts {
  const facts = factsOf(message);
  if (facts === undefined) {
    throw refusal('malformed_amount', `amount "${message.amount}" is none`);
  }
  const addressee = call === 'outcome' ? facts.senderFrame : facts.receiverFrame;
  if (addressee === frame) return facts;
  throw refusal('wrong_topology', `${call} is for frame ${addressee}, this is ${frame}`);
}
