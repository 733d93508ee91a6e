/* What each kind of seller has to show. A natural person who sells what the land gave or the hands
 * made needs no registration (E-commerce law, article 10): there a promise is ticked. */
#include "kernel/base/licence.h"
#include "ground/files/files.h"
#include "ground/people/people.h"
#include "market/onboarding/inside.h"

SHAPE_DEFINE(onboarding_document, ONBOARDING_DOCUMENT_FIELDS);
SHAPE_DEFINE(onboarding_draft, ONBOARDING_DRAFT_FIELDS);
SHAPE_DEFINE(onboarding_kind, ONBOARDING_KIND_FIELDS);
SHAPE_DEFINE_PAGE(onboarding_kind);
SHAPE_ENUM_DEFINE(onboarding_document_kind, ONBOARDING_DOCUMENT_KINDS);

struct need {
    const char *zh; /* who that is, in plain words */
    const char *en;
    const char *promise_zh; /* NULL: a licence is needed */
    const char *promise_en;
    enum onboarding_document_kind documents[2];
    size_t document_count;
};

#define GROWN_ZH                                                                                   \
    "我卖的是自家种、自家养的，不是收来转卖的。我写的品种、产地、份量都是真的，没有用禁用的农药兽药。"
#define GROWN_EN                                                                                   \
    "What I sell is grown or raised by my own household, not bought to be sold on. Kind, origin "  \
    "and weight are as I write them, and no forbidden pesticide or veterinary drug was used."
#define MADE_ZH "我卖的是自家手工做的，不是收来转卖的。我写的用料、产地、份量都是真的。"
#define MADE_EN                                                                                    \
    "What I sell is made by hand in my own home, not bought to be sold on. Materials, origin and " \
    "weight are as I write them."
#define SMALL_ZH                                                                                   \
    "我是个人，做的是零星小额的买卖，一年不超过十万元。超过了，我会去办营业执照，再来更新。"
#define SMALL_EN                                                                                   \
    "I am a person who trades a little now and then, no more than 100,000 yuan a year. When it "   \
    "becomes more I register and tell you."

static const struct need needs[] = {
    [SELLER_BRAND] = {"有自己牌子的企业",
                      "a company with a brand of its own",
                      NULL,
                      NULL,
                      {ONBOARDING_LICENCE},
                      1},
    [SELLER_COMPANY] =
        {"有营业执照的公司", "a registered company", NULL, NULL, {ONBOARDING_LICENCE}, 1},
    [SELLER_COOPERATIVE] =
        {"农民专业合作社", "a farmers' cooperative", NULL, NULL, {ONBOARDING_LICENCE}, 1},
    [SELLER_MICRO_SHOP] = {"个人小店，没有执照也可以",
                           "a person's small shop, licence or not",
                           SMALL_ZH,
                           SMALL_EN,
                           {ONBOARDING_IDENTITY},
                           1},
    [SELLER_HOUSEHOLD] = {"卖自家种的、养的，不用执照",
                          "sells what the household grew; no licence",
                          GROWN_ZH,
                          GROWN_EN,
                          {ONBOARDING_IDENTITY},
                          1},
    [SELLER_VILLAGE_SHOP] = {"村里开的店，卖全村的东西",
                             "a shop that a village keeps",
                             NULL,
                             NULL,
                             {ONBOARDING_LICENCE},
                             1},
    [SELLER_WORKSHOP] = {"手工作坊，自己做的不用执照",
                         "a workshop; no licence for one's own work",
                         MADE_ZH,
                         MADE_EN,
                         {ONBOARDING_IDENTITY, ONBOARDING_PRODUCT_PHOTO},
                         2},
    [SELLER_STATION] = {"帮农户代卖、发货的服务站",
                        "a station that sells and ships for households",
                        NULL,
                        NULL,
                        {ONBOARDING_LICENCE},
                        1},
};
enum { KINDS = sizeof(needs) / sizeof(needs[0]) };

void onboarding_kinds(struct request *q, struct onboarding_kind_page *ret_page) {
    struct onboarding_kind_list kinds = {arena_new(q->arena, struct onboarding_kind, KINDS), KINDS};
    for (unsigned i = 0; i < KINDS; i++) {
        const struct need *need = &needs[i];
        const char *promise = q->english ? need->promise_en : need->promise_zh;
        struct text_list documents = {arena_new(q->arena, struct text, 2), need->document_count};
        for (size_t j = 0; j < need->document_count; j++)
            documents.items[j] =
                shape_enum_text(&onboarding_document_kind_enum, need->documents[j]);
        kinds.items[i] =
            (struct onboarding_kind){.kind = i,
                                     .name = catalog_seller_kind_name(i),
                                     .about = text_of(q->english ? need->en : need->zh),
                                     .may_declare = promise != NULL,
                                     .declaration = promise ? text_of(promise) : TEXT(""),
                                     .documents = documents};
    }
    ret_page->items = kinds;
}

/* ---- what was filled in ---- */

static struct text upper(struct arena *arena, struct text written) {
    struct text trimmed = text_trim(written);
    char *bytes = arena_take_raw(arena, trimmed.length + 1);
    for (size_t i = 0; i < trimmed.length; i++) {
        char c = trimmed.bytes[i];
        bytes[i] = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
    }
    return (struct text){bytes, trimmed.length};
}

void onboarding_tidy(struct arena *arena, struct onboarding_draft *draft) {
    draft->name = text_trim(draft->name);
    draft->summary = text_trim(draft->summary);
    draft->goods_text = text_trim(draft->goods_text);
    draft->contact_name = text_trim(draft->contact_name);
    draft->credit_code = upper(arena, draft->credit_code);
    draft->food_licence = upper(arena, draft->food_licence);
}

/* Only papers that the caller sent here for this use, and the house's own pictures: nothing that a
 * reviewer's browser would fetch elsewhere. */
static refusal check_document(struct request *q, const char *field, struct text address) {
    struct text name = text_slice(address, 5, address.length);
    if (files_is_address(address)) return files_require_one(q, address, field, FILES_DOCUMENT);
    bool own = text_starts(address, TEXT("/img/")) && name.length > 0;
    for (size_t i = 0; i < name.length; i++) {
        char c = name.bytes[i];
        own &= (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
    }
    if (own) return NULL;
    return refuse(q, BAD_INPUT, field, "请用传上来的图片", "use a picture that was sent here");
}

refusal onboarding_check_documents(struct request *q,
                                   const struct onboarding_document_list *documents) {
    refusal all = NULL;
    for (size_t i = 0; i < documents->count; i++) {
        struct text field = text_format(q->arena, "documents[%zu].address", i);
        refusal refused =
            check_document(q, text_terminated(q->arena, field), documents->items[i].address);
        if (refused && refused->kind != PROBLEM_BAD_INPUT) return refused;
        all = problem_join(q->arena, all, refused);
    }
    return all;
}

/* Small workshops and households register with their province, whose numbers have no common form;
 * there the paper itself is looked at. */
static bool has_local_permit(enum catalog_seller_kind kind) {
    return kind == SELLER_HOUSEHOLD || kind == SELLER_WORKSHOP || kind == SELLER_MICRO_SHOP;
}

static refusal check_food_licence(struct request *q, const struct onboarding_draft *draft) {
    struct text number = draft->food_licence;
    bool national = text_starts(number, TEXT("SC")) || text_starts(number, TEXT("JY"));
    if (number.length == 0 || licence_is_food_number(number)) return NULL;
    if (!national && has_local_permit(draft->kind) && text_characters(number) >= 6) return NULL;
    return refuse(q, BAD_INPUT, "food_licence", "应是 SC 或 JY 加 14 位数字，请对着证件再看一遍",
                  "should be SC or JY and 14 digits; please compare with the paper");
}

refusal onboarding_check_filled(struct request *q, const struct onboarding_draft *draft) {
    refusal all = onboarding_check_documents(q, &draft->documents);
    struct place place;
    struct text phone;
    if (draft->place_code && !places_find(draft->place_code, &place))
        all = problem_join(
            q->arena, all,
            refuse(q, BAD_INPUT, "place_code", "没有这个地区", "there is no such place"));
    if (draft->contact_phone.length && !people_read_phone(q->arena, draft->contact_phone, &phone))
        all = problem_join(q->arena, all,
                           refuse(q, BAD_INPUT, "contact_phone", "请填 11 位手机号",
                                  "should be a mobile number of 11 digits"));
    if (draft->credit_code.length && !licence_is_credit_code(draft->credit_code))
        all = problem_join(q->arena, all,
                           refuse(q, BAD_INPUT, "credit_code",
                                  "这不是 18 位的统一社会信用代码，请对着执照再看一遍",
                                  "is no unified social credit code; please compare with the "
                                  "licence"));
    return problem_join(q->arena, all, check_food_licence(q, draft));
}

/* ---- what is missing ---- */

static bool has_document(const struct onboarding_draft *draft, enum onboarding_document_kind kind) {
    for (size_t i = 0; i < draft->documents.count; i++)
        if (draft->documents.items[i].kind == kind) return true;
    return false;
}

static const char *document_name(enum onboarding_document_kind kind, bool english) {
    switch (kind) {
    case ONBOARDING_IDENTITY: return english ? "the identity card" : "身份证";
    case ONBOARDING_LICENCE: return english ? "the licence" : "营业执照";
    case ONBOARDING_FOOD_PERMIT: return english ? "the food permit" : "食品许可证或小作坊登记证";
    case ONBOARDING_ORIGIN_PROOF: return english ? "a proof of origin" : "村里的产地证明";
    case ONBOARDING_PRODUCT_PHOTO: return english ? "a picture of the work" : "作品照片";
    case ONBOARDING_COUNTY_LETTER: return english ? "the county's letter" : "县里的推荐函";
    case ONBOARDING_OTHER: break;
    }
    return english ? "another paper" : "其他材料";
}

static refusal miss_document(struct request *q, const struct onboarding_draft *draft,
                             enum onboarding_document_kind kind) {
    if (has_document(draft, kind)) return NULL;
    return problem_say(
        q->arena, PROBLEM_BAD_INPUT, "documents",
        text_format(q->arena, "还缺一张照片：%s", document_name(kind, false)),
        text_format(q->arena, "a picture is missing: %s", document_name(kind, true)));
}

static refusal check_licences(struct request *q, const struct onboarding_draft *draft) {
    const struct need *need = &needs[draft->kind];
    refusal all = NULL;
    if (!need->promise_zh && draft->credit_code.length == 0)
        all = refuse(q, BAD_INPUT, "credit_code", "请填统一社会信用代码",
                     "the unified social credit code is missing");
    if (need->promise_zh && draft->credit_code.length == 0 && !draft->declared)
        all = refuse(q, BAD_INPUT, "declared", "请看一遍承诺，同意就打勾",
                     "please read the promise and tick it");
    if (!draft->makes_food) return all;
    if (draft->food_licence.length == 0)
        all = problem_join(q->arena, all,
                           refuse(q, BAD_INPUT, "food_licence",
                                  "卖加工过的食品，要填许可证号或小作坊登记证号",
                                  "processed food needs the number of its permit"));
    return problem_join(q->arena, all, miss_document(q, draft, ONBOARDING_FOOD_PERMIT));
}

refusal onboarding_check_complete(struct request *q, const struct onboarding_draft *draft) {
    const struct need *need = &needs[draft->kind];
    refusal all = NULL;
    struct place place = {0};
    if (text_characters(draft->name) < 2)
        all = refuse(q, BAD_INPUT, "name", "店名至少两个字", "two characters or more");
    if (!places_find(draft->place_code, &place) || place.level < PLACE_TOWN)
        all = problem_join(q->arena, all,
                           refuse(q, BAD_INPUT, "place_code", "请选到乡镇，最好选到村",
                                  "choose the town, better the village"));
    if (draft->goods_text.length == 0)
        all = problem_join(q->arena, all,
                           refuse(q, BAD_INPUT, "goods_text", "写几样打算卖的东西",
                                  "say what you are going to sell"));
    if (draft->contact_name.length == 0)
        all = problem_join(
            q->arena, all,
            refuse(q, BAD_INPUT, "contact_name", "请填联系人", "who is to be asked for?"));
    if (draft->contact_phone.length == 0)
        all = problem_join(
            q->arena, all,
            refuse(q, BAD_INPUT, "contact_phone", "请填手机号", "the phone number is missing"));
    all = problem_join(q->arena, all, check_licences(q, draft));
    for (size_t i = 0; i < need->document_count; i++)
        all = problem_join(q->arena, all, miss_document(q, draft, need->documents[i]));
    return all;
}

struct text onboarding_licence_text(struct arena *arena, const struct onboarding_draft *draft) {
    struct text code = draft->credit_code, food = draft->food_licence;
    struct buffer words = buffer_make(arena, 400);
    if (code.length)
        buffer_add_format(&words, "统一社会信用代码 %.*s", (int)code.length, code.bytes);
    else
        buffer_add_literal(&words, "个人卖家，已承诺自产自销或零星小额，依法不需办理市场主体登记");
    if (draft->makes_food && food.length)
        buffer_add_format(&words, "；食品许可 %.*s", (int)food.length, food.bytes);
    return buffer_text(&words);
}
