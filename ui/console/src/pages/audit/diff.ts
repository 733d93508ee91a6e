// What an audit entry changed, field by field. Before and after are short JSON, or empty.

export interface Change {
    field: string;
    before: string | undefined;
    after: string | undefined;
    isChanged: boolean;
}

function fieldsOf(json: string): Record<string, string> {
    if (json === '') return {};
    try {
        const value: unknown = JSON.parse(json);
        if (typeof value !== 'object' || value === null || Array.isArray(value)) return { '': json };
        return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, typeof each === 'string' ? each : JSON.stringify(each)]));
    } catch {
        return { '': json };
    }
}

/** Fields in the order of `was`, then those that came in; changed ones are marked. */
export function changesOf(was: string, became: string): Change[] {
    const before = fieldsOf(was);
    const after = fieldsOf(became);
    const names = [...Object.keys(before), ...Object.keys(after).filter((name) => !(name in before))];
    return names.map((field) => ({ field, before: before[field], after: after[field], isChanged: before[field] !== after[field] }));
}
