/* The units that sellers choose from. What a unit weighs or holds is the house's (base/quantity.h);
 * which of them are offered here is the operator's. */
#include <assert.h>

#include "kernel/base/quantity.h"
#include "market/catalog/inside.h"

SHAPE_DEFINE(catalog_unit, CATALOG_UNIT_FIELDS);
SHAPE_DEFINE(catalog_units, CATALOG_UNITS_FIELDS);
SHAPE_DEFINE(catalog_units_draft, CATALOG_UNITS_DRAFT_FIELDS);

#define NAME_FIELDS(F, S) F(S, TEXT, name)
SHAPE_DECLARE(catalog_unit_name, NAME_FIELDS);
SHAPE_DEFINE(catalog_unit_name, NAME_FIELDS);

/* None: nobody has chosen yet, and all are offered. */
static refusal read_chosen(struct request *q, struct catalog_unit_name_list *ret_names) {
    return db_rows(q->db,
                   SQL("i", "SELECT unit_name AS name FROM catalog_unit"
                            " ORDER BY sort_order, unit_name LIMIT $1"),
                   PARAMS((int64_t)CATALOG_UNITS_MAX), &catalog_unit_name_shape, ret_names);
}

static bool is_among(const struct catalog_unit_name_list *names, enum quantity_unit unit) {
    for (size_t i = 0; i < names->count; i++)
        if (text_equal(names->items[i].name, quantity_unit_name(unit))) return true;
    return names->count == 0;
}

static struct catalog_unit show(enum quantity_unit unit, bool is_offered) {
    enum quantity_unit priced_by = unit;
    struct fen price;
    bool fine =
        quantity_unit_price((struct quantity){1000, unit}, (struct fen){1}, &price, &priced_by);
    assert(fine);
    return (struct catalog_unit){quantity_unit_name(unit), quantity_unit_name(priced_by),
                                 is_offered};
}

static refusal read_units(struct request *q, struct catalog_units *ret_units) {
    struct catalog_unit_name_list chosen;
    struct catalog_unit *items = arena_new(q->arena, struct catalog_unit, UNIT_COUNT);
    size_t count = 0;
    TRY(read_chosen(q, &chosen));
    for (size_t i = 0; i < chosen.count; i++) {
        enum quantity_unit unit;
        /* A unit that a newer house knew is none here. */
        if (quantity_unit_find(chosen.items[i].name, &unit)) items[count++] = show(unit, true);
    }
    for (enum quantity_unit unit = 0; unit < UNIT_COUNT; unit++)
        if (chosen.count == 0 || !is_among(&chosen, unit))
            items[count++] = show(unit, chosen.count == 0);
    ret_units->items = (struct catalog_unit_list){items, count};
    return NULL;
}

refusal catalog_get_units(struct request *q) { return read_units(q, q->reply); }

static refusal add_unit(struct request *q, const struct text_list *names, size_t at) {
    struct text field = text_format(q->arena, "names[%zu]", at);
    enum quantity_unit unit;
    if (!quantity_unit_find(names->items[at], &unit))
        return refuse(q, BAD_INPUT, text_terminated(q->arena, field), "没有这个单位",
                      "there is no such unit; GET /api/units says which there are");
    for (size_t i = 0; i < at; i++)
        if (text_equal(names->items[i], names->items[at]))
            return refuse(q, BAD_INPUT, text_terminated(q->arena, field), "这个单位写了两次",
                          "this unit stands here twice");
    return db_run(q->db,
                  SQL("ti", "INSERT INTO catalog_unit (unit_name, sort_order) VALUES ($1, $2)"),
                  PARAMS(names->items[at], (int64_t)at), NULL);
}

refusal catalog_put_units(struct request *q) {
    const struct catalog_units_draft *draft = q->body;
    TRY(catalog_reach_house(q));
    TRY(db_run(q->db, SQL("", "DELETE FROM catalog_unit"), NO_PARAMS, NULL));
    for (size_t i = 0; i < draft->names.count; i++) TRY(add_unit(q, &draft->names, i));
    request_changed(q, 0);
    struct catalog_act act = {"catalog.units", "home", 0};
    TRY(catalog_audit(q, act, &catalog_units_draft_shape, draft));
    return read_units(q, q->reply);
}

refusal catalog_check_units(struct request *q, const struct catalog_goods_draft *draft) {
    struct catalog_unit_name_list chosen;
    TRY(read_chosen(q, &chosen));
    for (size_t i = 0; i < draft->skus.count; i++) {
        struct text field = text_format(q->arena, "skus[%zu].net", i);
        if (!is_among(&chosen, draft->skus.items[i].net.unit))
            return refuse(q, BAD_INPUT, text_terminated(q->arena, field),
                          "这里不用这个单位，请换一个", "this unit is not offered here");
    }
    return NULL;
}
