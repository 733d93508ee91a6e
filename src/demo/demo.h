/* `xiangji demo`: fills an empty house with the demo world. Everything goes through the same
 * functions as in daily use, so stock is received by the ledger, prices have the history that they
 * had, and nobody has bought, praised or counted anything. */
#ifndef DEMO_DEMO_H
#define DEMO_DEMO_H

#include "app.h"

/* Builds the world of src/demo/world.json into the opened APP and prints its log-ins; refuses (1)
 * when somebody sells there already. ARGV are the words behind the command:
 *   --scale N    N times the goods and sellers (170 gives more than 10,000 goods), each from a
 * village near the first
 *   --people N   N more people, who log in by code
 *   --seed N     another choice of villages, names and earlier prices; the same seed makes the same
 * world The exit status: 0 done, 1 refused or failed, 2 not understood. */
int demo_run(struct app *app, int argc, char **argv);

#endif
