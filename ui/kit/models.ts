// The names that pages use for what the server says. Each is read off a path, never off a schema's name, so that a
// newly generated api.gen.ts may call its schemas what it likes.
import type { paths } from './api.gen.ts';

type Replies<T> = T extends { responses: infer R } ? R : never;
type JsonOf<T> = T extends { content: { 'application/json': infer J } } ? J : never;
type Reply<T> = JsonOf<Replies<T>[keyof Replies<T> & (200 | 201 | 202)]>;
type Body<T> = T extends { requestBody: { content: { 'application/json': infer J } } } ? J : never;
type Query<T> = T extends { parameters: { query?: infer Q } } ? Exclude<Q, undefined> : never;

export type Home = Reply<paths['/api/home']['get']>;
export type Banner = Home['banner'][number];
export type Category = Reply<paths['/api/categories']['get']>['items'][number];
export type Section = Reply<paths['/api/sections/{code}']['get']>;
export type SectionGoods = Reply<paths['/api/sections/{code}/goods']['get']>['items'][number];
export type Zone = Reply<paths['/api/zones/{code}']['get']>;

export type GoodsQuery = Query<paths['/api/goods']['get']>;
export type GoodsSort = NonNullable<GoodsQuery['sort']>;
export type GoodsPage = Reply<paths['/api/goods']['get']>;
export type GoodsCard = GoodsPage['items'][number];
export type Goods = Reply<paths['/api/goods/{id}']['get']>;
export type Sku = Goods['skus'][number];
export type Origin = Goods['origin'];
export type ReturnPolicy = Sku['return_policy'];
export type PricePoint = Reply<paths['/api/goods/{id}/prices']['get']>['items'][number];
export type Suggestion = Reply<paths['/api/suggestions']['get']>['items'][number];
export type Seller = Reply<paths['/api/sellers/{id}']['get']>;
export type Place = Reply<paths['/api/places']['get']>['items'][number];

export type Person = Reply<paths['/api/people/me']['get']>;
export type Session = Reply<paths['/api/sessions']['post']>;
export type SessionDraft = Body<paths['/api/sessions']['post']>;
export type CodeSent = Reply<paths['/api/codes']['post']>;
export type Address = Reply<paths['/api/people/me/addresses']['get']>['items'][number];
export type AddressDraft = Body<paths['/api/people/me/addresses']['post']>;
export type AddressParse = Reply<paths['/api/address-parses']['post']>;

export type Cart = Reply<paths['/api/cart']['get']>;
export type CartLine = Cart['lines'][number];
export type Quote = Reply<paths['/api/quotes']['post']>;
export type QuoteDraft = Body<paths['/api/quotes']['post']>;
export type QuotePart = Quote['parts'][number];
export type QuoteLine = QuotePart['lines'][number];
export type LineDraft = QuoteDraft['lines'][number];

export type OrderDraft = Body<paths['/api/orders']['post']>;
export type Purchase = Reply<paths['/api/orders']['post']>;
export type Order = Reply<paths['/api/orders/{id}']['get']>;
export type OrderState = Order['state'];
export type OrderLine = Order['lines'][number];
export type OrderEvent = Order['events'][number];
export type OrderCard = Reply<paths['/api/orders']['get']>['items'][number];
export type Payment = Reply<paths['/api/payments/{id}']['get']>;
export type RefundDraft = Body<paths['/api/orders/{id}/refunds']['post']>;
export type CaseDraft = Body<paths['/api/cases']['post']>;
export type CasePreview = Reply<paths['/api/cases/previews']['post']>;
export type Case = Reply<paths['/api/cases/{id}']['get']>;
export type CaseCard = Reply<paths['/api/cases']['get']>['items'][number];
export type CaseKind = Case['kind'];
export type CaseReason = Case['reason'];
export type CaseLine = Case['lines'][number];
export type AnswerDraft = Body<paths['/api/cases/{id}/answers']['post']>;
export type ReceiptDraft = Body<paths['/api/cases/{id}/receipts']['post']>;
export type Complaint = Reply<paths['/api/complaints']['get']>['items'][number];
export type ComplaintDraft = Body<paths['/api/complaints']['post']>;
export type Invoice = Reply<paths['/api/invoices']['get']>['items'][number];
export type InvoiceDraft = Body<paths['/api/invoices']['post']>;
export type InvoiceReason = Body<paths['/api/invoices/{id}/refusals']['post']>['reason'];
export type StockRow = Reply<paths['/api/stock']['get']>['items'][number];

export type SessionCard = Reply<paths['/api/sessions']['get']>['items'][number];
export type BuyState = CartLine['state'];
export type OwnGoods = Reply<paths['/api/sellers/{id}/goods']['get']>['items'][number];
export type OwnSku = OwnGoods['skus'][number];

export type Consent = Reply<paths['/api/people/me/consents']['get']>['items'][number];
export type ExportCard = Reply<paths['/api/people/me/exports']['get']>['items'][number];
export type SeenInClear = Reply<paths['/api/people/me/unmaskings']['get']>['items'][number];
export type PhoneDraft = Body<paths['/api/people/me/phone']['put']>;

export type FoundPerson = Reply<paths['/api/person-lookups']['post']>['items'][number];
export type RoleCard = Reply<paths['/api/roles']['get']>['items'][number];
export type GrantCard = Reply<paths['/api/grants']['get']>['items'][number];
export type GrantDraft = Body<paths['/api/grants']['post']>;
export type AuditEntry = Reply<paths['/api/audit']['get']>['items'][number];
export type Board = Reply<paths['/api/dashboard']['get']>;
export type StockAlarm = Reply<paths['/api/stock-alarms']['get']>['items'][number];
export type BoardDay = Board['series'][number];
export type DeskOrdersQuery = Query<paths['/api/orders']['get']>;
export type ShipmentBatch = Reply<paths['/api/shipment-batches']['post']>;
export type ShipmentRow = Body<paths['/api/shipment-batches']['post']>['rows'][number];
export type FreightRule = Reply<paths['/api/freight-rules']['get']>['items'][number];
export type SellerKind = Reply<paths['/api/seller-kinds']['get']>['items'][number];
export type Application = Reply<paths['/api/seller-applications/{id}']['get']>;
export type ApplicationCard = Reply<paths['/api/seller-applications']['get']>['items'][number];
export type ApplicationDraft = Body<paths['/api/seller-applications']['post']>;
export type ApplicationDocument = Application['documents'][number];
export type Listing = Reply<paths['/api/listings/{id}']['get']>;
export type ListingCard = Reply<paths['/api/listings']['get']>['items'][number];
export type ListingDraft = Body<paths['/api/listings']['post']>;
export type OwnListing = Reply<paths['/api/sellers/{id}/listings']['get']>['items'][number];
export type GoodsDraft = Reply<paths['/api/goods/{id}/draft']['get']>;
export type CaseState = Case['state'];
export type Decision = Body<paths['/api/cases/{id}/decisions']['post']>;
export type DeskCasesQuery = Query<paths['/api/cases']['get']>;
export type DeskComplaintsQuery = Query<paths['/api/complaints']['get']>;
export type Webhook = Reply<paths['/api/webhooks/{id}']['get']>;
export type WebhookDraft = Body<paths['/api/webhooks']['post']>;
export type WebhookDelivery = Reply<paths['/api/webhooks/{id}/deliveries']['get']>['items'][number];
export type Message = Reply<paths['/api/messages']['get']>['items'][number];
export type MessageTemplate = Reply<paths['/api/message-words']['get']>['items'][number];
export type MessageKind = MessageTemplate['kind'];
export type MessageDraft = Body<paths['/api/message-words/{kind}']['put']>;
export type CategoryDraft = Body<paths['/api/categories']['post']>;

export type Import = Reply<paths['/api/imports/{id}']['get']>;
export type ImportErrors = Reply<paths['/api/imports/{id}/errors']['get']>;
export type Export = Reply<paths['/api/exports/{id}']['get']>;
