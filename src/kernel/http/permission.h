/* The words of permission, one list for the house. Roles are data: sets of these with a scope
 * (ground/people). */
#ifndef KERNEL_HTTP_PERMISSION_H
#define KERNEL_HTTP_PERMISSION_H

#include <stdint.h>

/* X(name, what it lets one do) */
#define PERMISSIONS(X)                                                                             \
    X(buy, "keep a bag, an address book and orders of one's own")                                  \
    X(account, "read and change one's own account")                                                \
    X(sell, "see and ship the orders of a seller, keep its stock and prices")                      \
    X(refund, "give money back on the orders of a seller")                                         \
    X(operate, "edit sections, zones, categories and freight")                                     \
    X(review, "let sellers and listings in, or refuse them with a reason")                         \
    X(serve, "see orders, answer after-sales cases and complaints, arbitrate")                     \
    X(grant, "give roles to people and take them back")                                            \
    X(connect, "keep the webhooks of other systems")                                               \
    X(unmask, "see personal data in clear, with a reason that is kept")                            \
    X(audit, "read the books and the audit trail")

enum permission {
#define X(name, words) PERMISSION_##name,
    PERMISSIONS(X)
#undef X
        PERMISSION_COUNT
};

/* How far a permission reaches. */
enum scope { SCOPE_OWN, SCOPE_ORGANISATION, SCOPE_COUNTY, SCOPE_ALL };

/* One permission with its reach: ORGANISATION with the organisation's (seller's) id, COUNTY with
 * a place code of which the first digits count (500000000000 is the whole of Chongqing). */
struct grant {
    enum permission permission;
    enum scope scope;
    int64_t scope_id;
};

#endif
