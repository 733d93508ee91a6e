// How a case looks in a list: the words say where it stands, the tone whose turn it is.
import type { CaseCard } from '@kit/models.ts';

export function toneOf(one: Pick<CaseCard, 'state' | 'outcome'>): 'plain' | 'wait' | 'going' | 'good' {
    if (one.state === 'closed') return one.outcome === 'refunded' || one.outcome === 'exchanged' ? 'good' : 'plain';
    return one.state === 'arbitration' ? 'wait' : 'going';
}
