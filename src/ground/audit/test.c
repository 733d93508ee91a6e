#include "ground/audit/audit.h"

#include <string.h>

#include "ground/audit/inside.h"
#include "ground/people/people.h"
#include "support/house.h"

struct acts {
    int count;
    int64_t subject_id;
};

static refusal write_acts(struct request *q, void *context) {
    const struct acts *acts = context;
    for (int i = 0; i < acts->count; i++)
        TRY(audit_write(q,
                        &(struct audit_act){.action = "test.change",
                                            .subject = "goods",
                                            .subject_id = acts->subject_id,
                                            .before = TEXT("{\"price_fen\":4990}"),
                                            .after = text_format(q->arena, "{\"price_fen\":%d}", i),
                                            .reason = TEXT("天气好")}));
    return NULL;
}

static refusal act_and_refuse(struct request *q, void *context) {
    TRY(write_acts(q, context));
    return refuse(q, CONFLICT, "", "不行", "no");
}

static refusal make_auditor(struct request *q, void *context) {
    return people_give_role(q, *(int64_t *)context, "auditor", SCOPE_ALL, 0);
}

static struct text auditor(struct house *house) {
    int64_t id;
    struct text token = house_person(house, "13800138000", &id);
    house_work(house, make_auditor, &id);
    return token;
}

static void note_line(struct check_report *report, bool holds, struct text sentence) {
    (void)sentence;
    report->fault_count += !holds;
}

static refusal check(struct request *q, void *context) { return audit_room.check(q, context); }

static int64_t faults(struct house *house) {
    struct check_report report = {.line = note_line};
    house_work(house, check, &report);
    return report.fault_count;
}

static refusal run_statement(struct request *q, void *context) {
    return db_run(q->db, context, NO_PARAMS, NULL);
}

#define TAMPER(house, sql) house_work((house), run_statement, (void *)(uintptr_t)SQL("", sql))

HOUSE_TEST("audit: an act is there when its transaction is, and not when it was refused") {
    struct text token = auditor(house);
    struct acts acts = {1, 77};
    refusal refused = house_try(house, act_and_refuse, &acts);
    CHECK(refused != NULL);
    struct house_reply none = house_get(house, token, "/api/audit?subject=goods&subject_id=77");
    HOUSE_STATUS(&none, 200);
    CHECK_INT(house_count(&none, "items"), 0);
    house_work(house, write_acts, &acts);
    struct house_reply one = house_get(house, token, "/api/audit?subject=goods&subject_id=77");
    CHECK_INT(house_count(&one, "items"), 1);
    CHECK_TEXT(house_text(&one, "items.0.was"), "{\"price_fen\":4990}");
    CHECK_TEXT(house_text(&one, "items.0.reason"), "天气好");
    CHECK(!house_has(&one, "items.0.person_id")); /* the house itself */
}

static refusal write_long(struct request *q, void *context) {
    (void)context;
    struct buffer words = buffer_make(q->arena, 3 * AUDIT_TEXT_BYTES_MAX);
    for (int i = 0; i < AUDIT_TEXT_BYTES_MAX; i++) buffer_add_literal(&words, "梨");
    struct text all = buffer_text(&words);
    const struct audit_act act = {.action = "test.change",
                                  .subject = "goods",
                                  .subject_id = 79,
                                  .before = all,
                                  .after = text_slice(all, 0, AUDIT_TEXT_BYTES_MAX / 3 * 3),
                                  .reason = all};
    return audit_write(q, &act);
}

HOUSE_TEST("audit: a text that does not fit an entry is cut at a character, and says so") {
    struct text token = auditor(house);
    house_work(house, write_long, NULL);
    struct house_reply reply = house_get(house, token, "/api/audit?subject=goods&subject_id=79");
    HOUSE_STATUS(&reply, 200);
    struct text was = house_text(&reply, "items.0.was");
    CHECK_INT(was.length, AUDIT_TEXT_BYTES_MAX - 1); /* whole characters of three bytes */
    CHECK(text_is_utf8(was));
    CHECK(text_ends(was, TEXT("梨…")));
    CHECK_INT(house_text(&reply, "items.0.became").length, AUDIT_TEXT_BYTES_MAX - 1);
    CHECK(text_ends(house_text(&reply, "items.0.became"), TEXT("梨梨")));
    CHECK(text_ends(house_text(&reply, "items.0.reason"), TEXT("…")));
}

HOUSE_TEST("audit: pages go newest first, by subject, by person or whole, two statements each") {
    struct text token = auditor(house);
    struct acts acts = {25, 77}, others = {3, 78};
    house_work(house, write_acts, &acts);
    house_work(house, write_acts, &others);
    struct house_reply first = house_get(house, token, "/api/audit?subject=goods&subject_id=77");
    CHECK_INT(house_count(&first, "items"), 20);
    CHECK_TEXT(house_text(&first, "items.0.became"), "{\"price_fen\":24}");
    CHECK_INT(first.road.statement_count, 2);
    struct text next = house_text(&first, "next");
    struct house_reply second =
        house_get(house, token, "/api/audit?subject=goods&subject_id=77&after=%.*s",
                  (int)next.length, next.bytes);
    CHECK_INT(house_count(&second, "items"), 5);
    CHECK(!house_has(&second, "next"));
    CHECK_TEXT(house_text(&second, "items.4.became"), "{\"price_fen\":0}");
    struct house_reply all = house_get(house, token, "/api/audit?limit=50");
    CHECK_INT(house_count(&all, "items"), 29); /* with the auditor's own appointment */
    struct house_reply half = house_get(house, token, "/api/audit?subject=goods");
    HOUSE_PROBLEM(&half, "bad_input", "subject_id");
    struct house_reply both =
        house_get(house, token, "/api/audit?subject=goods&subject_id=77&person_id=5");
    HOUSE_PROBLEM(&both, "bad_input", "person_id");
    struct house_reply many = house_get(house, token, "/api/audit?limit=51");
    HOUSE_PROBLEM(&many, "bad_input", "limit");
}

HOUSE_TEST("audit: who acted stands there, and nobody but an auditor reads it") {
    struct text token = auditor(house);
    int64_t id;
    struct text buyer = house_person(house, "13900139000", &id);
    struct house_reply denied = house_get(house, buyer, "/api/audit");
    HOUSE_PROBLEM(&denied, "not_allowed", NULL);
    struct house_reply nobody = house_get(house, TEXT(""), "/api/audit");
    HOUSE_STATUS(&nobody, 401);
    struct house_reply mine = house_get(house, token, "/api/audit?person_id=%lld", (long long)id);
    HOUSE_STATUS(&mine, 200);
    CHECK_INT(house_count(&mine, "items"), 0);
}

HOUSE_TEST("audit: entries are sealed into a chain by a job, whatever their number") {
    struct acts acts = {450, 77};
    house_work(house, write_acts, &acts);
    house_run_jobs(house);
    house_advance(house, MINUTE_MS);
    house_run_jobs(house);
    struct text token = auditor(house);
    struct house_reply reply = house_get(house, token, "/api/audit?subject=goods&subject_id=77");
    CHECK_INT(house_int(&reply, "items.0.seal_number"), 3);
    house_check_books(house);
    CHECK_INT(faults(house), 0);
}

HOUSE_TEST("audit: check finds a changed entry, a removed one, a moved one and a forged seal") {
    struct acts acts = {3, 77};
    for (int i = 0; i < 3; i++) {
        house_work(house, write_acts, &acts);
        house_advance(house, MINUTE_MS);
        house_run_jobs(house);
    }
    CHECK_INT(faults(house), 0);
    TAMPER(house, "UPDATE audit_entry SET reason = 'x' WHERE id = "
                  "(SELECT min(id) FROM audit_entry WHERE seal_number = 2)");
    CHECK_INT(faults(house), 1);
    TAMPER(house, "UPDATE audit_entry SET reason = '天气好' WHERE seal_number = 2");
    CHECK_INT(faults(house), 0);
    TAMPER(house, "UPDATE audit_entry SET seal_number = 3 WHERE id = "
                  "(SELECT max(id) FROM audit_entry WHERE seal_number = 2)");
    CHECK_INT(faults(house), 1);
    TAMPER(house, "DELETE FROM audit_entry WHERE seal_number = 1");
    CHECK_INT(faults(house), 1); /* one sentence: how many seals do not hold */
    TAMPER(house, "DELETE FROM audit_seal WHERE number = 1");
    CHECK_INT(faults(house), 1);
    TAMPER(house, "DELETE FROM audit_seal WHERE number = 3");
    CHECK_INT(faults(house), 2); /* and entries whose seal is gone */
}
