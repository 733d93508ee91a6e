/* The commands of the program beside the demo: each takes the settings, does its work, says on
 * stdout what it did and on stderr what went wrong, and returns the exit status. */
#ifndef COMMANDS_COMMANDS_H
#define COMMANDS_COMMANDS_H

#include "app.h"
#include "kernel/base/arena.h"

#ifndef XJ_VERSION
#define XJ_VERSION "0"
#endif

enum { EXIT_FINE = 0, EXIT_FAILED = 1, EXIT_MISUSED = 2 };

int command_serve(struct app *app, struct arena *arena);
int command_init(struct app *app, struct arena *arena);
int command_check(struct app *app, struct arena *arena);

/* A copy of an SQLite house in the new folder PATH, made while a server runs: the database, the
 * files, and manifest.txt. It is proved before the folder gets its name; a copy whose books do not
 * hold is kept as PATH.unproved. The key file is never in it. */
int command_backup(struct app *app, struct arena *arena, const char *path);
/* Puts such a copy in the place of a house that is not there, or with OVER of the one that is,
 * whose files are kept aside. Nothing is touched before the copy was proved. */
int command_restore(struct app *app, struct arena *arena, const char *path, bool over);
/* Whether no restore stopped half-way. False with a sentence of what to do: a house that was put
 * aside must not be taken for one that never was. */
bool restore_is_settled(const struct app *app, struct arena *arena, struct text *ret_error);
/* The house on any engine as text, in the new folder PATH: a file a table, and manifest.txt. */
int command_export(struct app *app, struct arena *arena, const char *path);
/* Fills a new house on any engine with such a folder: everything in one transaction, or nothing. */
int command_import(struct app *app, struct arena *arena, const char *path);

/* A new master key, and every data key wrapped anew with it; and the end of older master keys. */
int command_rotate_keys(struct app *app, struct arena *arena);
int command_retire_keys(struct app *app, struct arena *arena);

/* Gives ROLE to whoever logs in with PHONE, as far as REACH says: so a house has its first
 * operator. It is audited, and giving what is held changes nothing. */
int command_give_role(struct app *app, struct arena *arena, const char *phone, const char *role,
                      const char *reach);

/* After PostgreSQL's own tools put a backup back: forgets again whom the tombstones in PATH (NULL:
 * those in DATA) name. `restore` does it by itself. */
int command_forget_again(struct app *app, struct arena *arena, const char *path);

/* ---- what they share ---- */

/* Says why on stderr; EXIT_FAILED. */
int command_fail(struct text why);
int command_fail_refused(refusal refused);

/* A report that prints its lines on stdout. ONLY_BOOKS leaves out what merely waits for somebody,
 * as a job that is stuck: such a house may be restored. */
struct check_report books_report(bool only_books);
/* The checks of all rooms; CONTEXT is the struct check_report. */
refusal books_check(struct request *q, void *context);

#endif
