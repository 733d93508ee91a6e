/* What is said: a template a kind and language, with names in braces. The house comes with words
 * for every kind; an operator may say it otherwise, or not at all. */
#include "ground/audit/audit.h"
#include "market/messages/inside.h"

SHAPE_DEFINE(messages_draft, MESSAGES_DRAFT_FIELDS);
SHAPE_DEFINE(messages_placeholder, MESSAGES_PLACEHOLDER_FIELDS);
SHAPE_DEFINE(messages_template, MESSAGES_TEMPLATE_FIELDS);
SHAPE_DEFINE(messages_templates, MESSAGES_TEMPLATES_FIELDS);

enum { FILLED_BYTES_MAX = 8000 };

/* ---- names ---- */

static const struct {
    const char *name;
    const char *example;
    const char *example_en;
} names[MESSAGES_NAME_COUNT] = {
    [MESSAGES_GOODS] = {"goods", "隰县玉露香梨 5 斤", "Xixian Yuluxiang pears, 5 jin"},
    [MESSAGES_ORDER] = {"order", "XJ383164769894400042", "XJ383164769894400042"},
    [MESSAGES_SHOP] = {"shop", "上庄村微商城", "Shangzhuang village shop"},
    [MESSAGES_SUM] = {"sum", "49.90", "49.90"},
    [MESSAGES_ANSWER] = {"answer", "愿意退 12.00 元，等您答复",
                         "offers ¥12.00 and waits for your answer"},
    [MESSAGES_REASON] = {"reason", "主图要换一张实拍的", "the first picture should be a photo"},
};

/* The name that stands in braces at AT of the pattern; *ret_end is the byte behind them. False
 * where there is none. */
static bool name_at(struct text pattern, size_t at, enum messages_name *ret_name, size_t *ret_end) {
    size_t close = text_find(pattern, TEXT("}"), at);
    if (close == SIZE_MAX) return false;
    struct text word = text_slice(pattern, at + 1, close);
    for (unsigned i = 0; i < MESSAGES_NAME_COUNT; i++) {
        if (!text_is(word, names[i].name)) continue;
        *ret_name = (enum messages_name)i;
        *ret_end = close + 1;
        return true;
    }
    return false;
}

/* One pass: braces in a value are a value's. */
struct text messages_fill(struct arena *arena, struct text pattern,
                          const struct messages_values *values) {
    struct buffer filled = buffer_make(arena, FILLED_BYTES_MAX);
    enum messages_name name;
    for (size_t at = 0; at < pattern.length;) {
        if (pattern.bytes[at] == '{' && name_at(pattern, at, &name, &at))
            buffer_add_text(&filled, values->of[name]);
        else
            buffer_add_char(&filled, pattern.bytes[at++]);
    }
    return buffer_text(&filled);
}

/* ---- kinds ---- */

#define HAS(name) (1u << MESSAGES_##name)
static const struct kind {
    unsigned names;
    const char *title;
    const char *words;
    const char *title_en;
    const char *words_en;
} kinds[MESSAGES_KIND_COUNT] = {
    [MESSAGES_ORDER_SHIPPED] = {HAS(GOODS) | HAS(ORDER) | HAS(SHOP), "您买的东西寄出了",
                                "“{goods}”已经从{shop}寄出，快递公司和单号在订单里。",
                                "Your order is on its way",
                                "{shop} has sent “{goods}”. The carrier and the number are on the "
                                "order's page."},
    [MESSAGES_ORDER_REFUNDED] = {HAS(GOODS) | HAS(ORDER) | HAS(SHOP) | HAS(SUM), "退您 {sum} 元",
                                 "{shop}给“{goods}”退了 {sum} 元，原路退回，到账时间看支付机构。",
                                 "¥{sum} goes back to you",
                                 "{shop} gave ¥{sum} back for “{goods}”, the way it was paid. When "
                                 "it arrives is up to the provider."},
    [MESSAGES_ORDER_CANCELLED] = {HAS(GOODS) | HAS(ORDER) | HAS(SHOP) | HAS(SUM),
                                  "这一单卖家发不了货",
                                  "“{goods}”没有寄出，{sum} 元全部原路退回，原因写在订单里。",
                                  "The shop cannot send your order",
                                  "“{goods}” was not sent; all of ¥{sum} goes back the way it was "
                                  "paid. The order's page says why."},
    [MESSAGES_CASE_ANSWERED] = {HAS(GOODS) | HAS(ORDER) | HAS(SHOP) | HAS(ANSWER),
                                "卖家答复了您的售后", "“{goods}”的售后：{shop}{answer}。",
                                "The shop answered your case", "“{goods}”: {shop} {answer}."},
    [MESSAGES_CASE_DECIDED] = {HAS(GOODS) | HAS(ORDER) | HAS(SHOP) | HAS(ANSWER) | HAS(SUM),
                               "您的售后判定好了",
                               "“{goods}”的售后，平台判定{answer}，理由写在售后里。",
                               "Your case was decided",
                               "“{goods}”: the decision is {answer}. The case says why."},
    [MESSAGES_CASE_REFUNDED] = {HAS(GOODS) | HAS(ORDER) | HAS(SHOP) | HAS(SUM),
                                "售后办好了，退您 {sum} 元",
                                "“{goods}”的售后退 {sum} 元，原路退回，到账时间看支付机构。",
                                "Your case is settled: ¥{sum} goes back",
                                "¥{sum} for “{goods}” goes back the way it was paid. When it "
                                "arrives is up to the provider."},
    [MESSAGES_COMPLAINT_ANSWERED] = {HAS(SHOP), "您的投诉有答复了",
                                     "关于{shop}的投诉，工作人员已经答复，点开就能看。",
                                     "Your complaint was answered",
                                     "An officer answered your complaint about {shop}."},
    [MESSAGES_INVOICE_ISSUED] = {HAS(ORDER) | HAS(SHOP), "发票开好了",
                                 "{shop}给订单 {order} 开了发票，点开就能看。",
                                 "Your invoice is ready",
                                 "{shop} made out the invoice of order {order}."},
    [MESSAGES_INVOICE_REFUSED] =
        {HAS(ORDER) | HAS(SHOP), "发票这次没开成",
         "{shop}没能给订单 {order} 开发票，为什么、怎么办都写在发票页上。",
         "Your invoice could not be made",
         "{shop} could not make out the invoice of order {order}. Its page "
         "says why, and what to do."},
    [MESSAGES_LISTING_LISTED] = {HAS(GOODS), "商品上架了", "“{goods}”审核通过，顾客现在看得到了。",
                                 "Your goods are on sale",
                                 "“{goods}” passed the review; customers see it now."},
    [MESSAGES_LISTING_REFUSED] =
        {HAS(GOODS) | HAS(REASON), "商品还要改一改", "“{goods}”没有通过：{reason}。改好就能再发。",
         "A listing came back", "“{goods}” did not pass: {reason}. Mend it and send it in again."},
    [MESSAGES_APPLICATION_RECOMMENDED] = {HAS(SHOP), "县里推荐了您的店",
                                          "“{shop}”的开店申请已经送到平台，等平台来定。",
                                          "Your county recommends you",
                                          "The application of “{shop}” is with the platform now."},
    [MESSAGES_APPLICATION_ACCEPTED] = {HAS(SHOP), "可以开店了",
                                       "“{shop}”的申请通过了，在“我的店”里上货吧。",
                                       "You may sell now",
                                       "“{shop}” was accepted: list your goods in My shop."},
    [MESSAGES_APPLICATION_REFUSED] = {HAS(SHOP) | HAS(REASON), "开店申请还要补一补",
                                      "“{shop}”没有通过：{reason}。补好就能再交。",
                                      "Your application came back",
                                      "“{shop}” did not pass: {reason}. Mend it and send it in "
                                      "again."},
};
#undef HAS

bool messages_fits(enum messages_kind kind, struct text pattern, struct text *ret_wrong) {
    enum messages_name name;
    for (size_t at = 0; at < pattern.length;) {
        size_t end = at + 1;
        if (pattern.bytes[at] == '{' &&
            (!name_at(pattern, at, &name, &end) || !(kinds[kind].names & 1u << name))) {
            size_t close = text_find(pattern, TEXT("}"), at);
            *ret_wrong = text_slice(pattern, at, close == SIZE_MAX ? pattern.length : close + 1);
            return false;
        }
        at = end;
    }
    return true;
}

static struct messages_placeholder_list placeholders_of(struct request *q,
                                                        enum messages_kind kind) {
    struct messages_placeholder_list list = {
        arena_new(q->arena, struct messages_placeholder, MESSAGES_NAME_COUNT), 0};
    for (unsigned i = 0; i < MESSAGES_NAME_COUNT; i++)
        if (kinds[kind].names & 1u << i)
            list.items[list.count++] = (struct messages_placeholder){
                text_of(names[i].name), text_of(names[i].example), text_of(names[i].example_en)};
    return list;
}

static struct messages_template from_the_house(struct request *q, enum messages_kind kind) {
    return (struct messages_template){.kind = kind,
                                      .is_on = true,
                                      .title = text_of(kinds[kind].title),
                                      .words = text_of(kinds[kind].words),
                                      .title_en = text_of(kinds[kind].title_en),
                                      .words_en = text_of(kinds[kind].words_en),
                                      .placeholders = placeholders_of(q, kind)};
}

/* ---- what an operator chose ---- */

/* As it stands there: a kind that a newer house had is none here. */
#define ROW_FIELDS(F, S)                                                                           \
    F(S, TEXT, kind)                                                                               \
    F(S, BOOL, is_on)                                                                              \
    F(S, TEXT, title)                                                                              \
    F(S, TEXT, words)                                                                              \
    F(S, TEXT, title_en)                                                                           \
    F(S, TEXT, words_en)                                                                           \
    F(S, TIME, changed_at, .optional = true)
SHAPE_DECLARE(messages_row, ROW_FIELDS);
SHAPE_DEFINE(messages_row, ROW_FIELDS);

#define ROW_COLUMNS                                                                                \
    "SELECT kind, is_on, title, words, title_en, words_en, changed_at FROM messages_template "

static void take_row(const struct messages_row *row, struct messages_template *template) {
    template->is_on = row->is_on;
    template->title = row->title;
    template->words = row->words;
    template->title_en = row->title_en;
    template->words_en = row->words_en;
    template->changed_at = row->changed_at;
}

refusal messages_template_of(struct request *q, enum messages_kind kind,
                             struct messages_template *ret_template) {
    struct messages_row row = {0};
    bool found;
    TRY(db_row(q->db, SQL("t", ROW_COLUMNS "WHERE kind = $1"),
               PARAMS(shape_enum_text(&messages_kind_enum, kind)), &messages_row_shape, &row,
               &found));
    *ret_template = from_the_house(q, kind);
    if (found) take_row(&row, ret_template);
    return NULL;
}

static refusal rows_of(struct request *q, struct messages_row_list *ret_rows) {
    return db_rows(q->db, SQL("i", ROW_COLUMNS "ORDER BY kind LIMIT $1"), PARAMS(INT64_C(100)),
                   &messages_row_shape, ret_rows);
}

static refusal enter(struct request *q) {
    if (request_reaches(q, PERMISSION_operate, (struct owner){0})) return NULL;
    return refuse(q, NOT_FOUND, "", "没有找到", "there is no such thing");
}

refusal messages_templates_list(struct request *q, struct messages_templates *ret_templates) {
    struct messages_row_list rows = {0};
    struct messages_template *items =
        arena_new(q->arena, struct messages_template, MESSAGES_KIND_COUNT);
    TRY(enter(q));
    TRY(rows_of(q, &rows));
    for (unsigned i = 0; i < MESSAGES_KIND_COUNT; i++)
        items[i] = from_the_house(q, (enum messages_kind)i);
    for (size_t i = 0; i < rows.count; i++) {
        unsigned kind;
        if (shape_enum_find(&messages_kind_enum, rows.items[i].kind, &kind))
            take_row(&rows.items[i], &items[kind]);
    }
    ret_templates->items = (struct messages_template_list){items, MESSAGES_KIND_COUNT};
    return NULL;
}

static refusal check_text(struct request *q, enum messages_kind kind, const char *field,
                          struct text pattern) {
    struct text wrong;
    if (messages_fits(kind, pattern, &wrong)) return NULL;
    return refuse(q, BAD_INPUT, field, "这种消息里没有 %.*s，能用的写在上面",
                  "this kind of message has no %.*s; those that it has stand above",
                  (int)wrong.length, wrong.bytes);
}

/* All four in one answer. */
static refusal check_draft(struct request *q, enum messages_kind kind,
                           const struct messages_draft *draft) {
    refusal all = check_text(q, kind, "title", draft->title);
    all = problem_join(q->arena, all, check_text(q, kind, "words", draft->words));
    all = problem_join(q->arena, all, check_text(q, kind, "title_en", draft->title_en));
    return problem_join(q->arena, all, check_text(q, kind, "words_en", draft->words_en));
}

static struct text json_of(struct request *q, const struct messages_template *template) {
    struct buffer json = buffer_make(q->arena, AUDIT_TEXT_BYTES_MAX);
    const struct messages_row said = {.kind = shape_enum_text(&messages_kind_enum, template->kind),
                                      .is_on = template->is_on,
                                      .title = template->title,
                                      .words = template->words,
                                      .title_en = template->title_en,
                                      .words_en = template->words_en};
    shape_write_json(&messages_row_shape, &json, &said);
    return buffer_text(&json);
}

static refusal write_act(struct request *q, const char *action,
                         const struct messages_template *before,
                         const struct messages_template *after) {
    return audit_write(q, &(struct audit_act){.action = action,
                                              .subject = "message_words",
                                              .before = json_of(q, before),
                                              .after = json_of(q, after)});
}

refusal messages_template_put(struct request *q, enum messages_kind kind,
                              const struct messages_draft *draft,
                              struct messages_template *ret_template) {
    struct messages_template before;
    TRY(enter(q));
    TRY(check_draft(q, kind, draft));
    TRY(messages_template_of(q, kind, &before));
    TRY(db_run(q->db,
               SQL("tittt"
                   "ti",
                   "INSERT INTO messages_template (kind, is_on, title, words, title_en, words_en,"
                   " changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (kind) DO UPDATE"
                   " SET is_on = excluded.is_on, title = excluded.title, words = excluded.words,"
                   " title_en = excluded.title_en, words_en = excluded.words_en,"
                   " changed_at = excluded.changed_at"),
               PARAMS(shape_enum_text(&messages_kind_enum, kind), draft->is_on, draft->title,
                      draft->words, draft->title_en, draft->words_en, q->now),
               NULL));
    TRY(messages_template_of(q, kind, ret_template));
    return write_act(q, "messages.change_words", &before, ret_template);
}

refusal messages_template_reset(struct request *q, enum messages_kind kind,
                                struct messages_template *ret_template) {
    struct messages_template before;
    TRY(enter(q));
    TRY(messages_template_of(q, kind, &before));
    TRY(db_run(q->db, SQL("t", "DELETE FROM messages_template WHERE kind = $1"),
               PARAMS(shape_enum_text(&messages_kind_enum, kind)), NULL));
    *ret_template = from_the_house(q, kind);
    return write_act(q, "messages.reset_words", &before, ret_template);
}

refusal messages_count_unfit(struct request *q, int64_t *ret_own, int64_t *ret_unfit) {
    struct messages_row_list rows = {0};
    struct text wrong;
    *ret_own = *ret_unfit = 0;
    TRY(rows_of(q, &rows));
    for (size_t i = 0; i < rows.count; i++) {
        const struct messages_row *row = &rows.items[i];
        unsigned found;
        if (!shape_enum_find(&messages_kind_enum, row->kind, &found)) continue;
        enum messages_kind kind = (enum messages_kind)found;
        ++*ret_own;
        if (!messages_fits(kind, row->title, &wrong) || !messages_fits(kind, row->words, &wrong) ||
            !messages_fits(kind, row->title_en, &wrong) ||
            !messages_fits(kind, row->words_en, &wrong))
            ++*ret_unfit;
    }
    return NULL;
}
