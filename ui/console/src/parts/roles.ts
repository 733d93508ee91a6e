// The names of roles. A role that a later release brought is shown by its code.
import { words } from '@kit/words.ts';

const t = words(
    { seller_keeper: '店主', county_operator: '县里运营', operator: '运营', auditor: '审计', after_sales_officer: '售后', reviewer: '审核', buyer: '顾客' },
    { seller_keeper: 'Shop keeper', county_operator: 'County operator', operator: 'Operator', auditor: 'Auditor', after_sales_officer: 'After-sales', reviewer: 'Reviewer', buyer: 'Shopper' },
);

export function roleText(role: string): string {
    return t[role as keyof typeof t] ?? role;
}

/** The roles of a person in words; that everybody is a shopper is not said. */
export function rolesText(roles: readonly string[]): string {
    const names = roles.filter((role) => role !== 'buyer').map(roleText);
    return names.length > 0 ? names.join(' · ') : roleText('buyer');
}
