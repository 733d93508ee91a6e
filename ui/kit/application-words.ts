// Words of an application to sell, for the applicant and for the desk.
import type { Application, ApplicationDocument } from './models.ts';
import { words } from './words.ts';

const states = words(
    { draft: '还没交', submitted: '等县里看', recommended: '等平台定', accepted: '开好了', refused: '退回来了', withdrawn: '撤回了' },
    { draft: 'Not sent yet', submitted: 'With the county', recommended: 'With the platform', accepted: 'Open', refused: 'Sent back', withdrawn: 'Taken back' },
);
const steps = words(
    { submission: '交上来了', recommendation: '县里推荐了', county_refusal: '县里退回了', acceptance: '平台通过了', refusal: '平台退回了', withdrawal: '申请人撤回了', contact_view: '平台看了联系方式' },
    { submission: 'Sent in', recommendation: 'Recommended by the county', county_refusal: 'Sent back by the county', acceptance: 'Let in by the platform', refusal: 'Sent back by the platform', withdrawal: 'Taken back', contact_view: 'The platform looked at the contact' },
);
const documents = words(
    { identity: '身份证', licence: '营业执照', food_permit: '食品许可证或小作坊登记证', origin_proof: '村里的产地证明', product_photo: '作品照片', county_letter: '县里的推荐函', other: '其他材料' },
    { identity: 'Identity card', licence: 'Licence', food_permit: 'Food permit', origin_proof: 'Proof of origin', product_photo: 'Picture of the work', county_letter: "The county's letter", other: 'Other paper' },
);

export type DocumentKind = ApplicationDocument['kind'];

export const applicationState = (state: Application['state']): string => states[state];
export const applicationStep = (kind: Application['steps'][number]['kind']): string => steps[kind];
export const documentName = (kind: DocumentKind): string => documents[kind];
