/* The main of every test program; linked only into those. */
#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "kernel/base/json.h"
#include "kernel/base/test.h"

static struct test *tests;
static struct test **tests_end = &tests;
static jmp_buf leave_test;
enum { LEFT_FAILED = 1, LEFT_SKIPPED = 2 };

void test_register(struct test *test) {
    *tests_end = test;
    tests_end = &test->next;
}

void test_fail(const char *file, int line, const char *format, ...) {
    va_list list;
    va_start(list, format);
    printf("  %s:%d: ", file, line);
    vprintf(format, list);
    printf("\n");
    va_end(list);
    longjmp(leave_test, LEFT_FAILED);
}

void test_skip(const char *reason) {
    printf("  skipped: %s\n", reason);
    longjmp(leave_test, LEFT_SKIPPED);
}

void test_check_int(const char *file, int line, const char *words, int64_t got, int64_t wanted) {
    if (got != wanted)
        test_fail(file, line, "%s is %lld, wanted %lld", words, (long long)got, (long long)wanted);
}

void test_check_text(const char *file, int line, const char *words, struct text got,
                     struct text wanted) {
    if (!text_equal(got, wanted))
        test_fail(file, line, "%s is \"%.*s\", wanted \"%.*s\"", words, (int)got.length, got.bytes,
                  (int)wanted.length, wanted.bytes);
}

/* In a function of its own: setjmp may spoil the local variables of the function that calls it. */
static int run_test(const struct test *test) {
    int left = setjmp(leave_test);
    if (left == 0) test->run();
    return left;
}

static void run_apart(void (*run)(void *context), void *context) {
    int left = setjmp(leave_test);
    if (left == 0) run(context);
    fflush(stdout);
    _exit(left);
}

int test_apart(void (*run)(void *context), void *context) {
    int status = 0;
    fflush(stdout);
    pid_t child = fork();
    assert(child >= 0);
    if (child == 0) run_apart(run, context);
    while (waitpid(child, &status, 0) < 0) assert(errno == EINTR);
    return status;
}

static double seconds_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

int main(int argc, char **argv) {
    int counts[3] = {0};
    json_prepare();
    setvbuf(stdout, NULL, _IOLBF, 0);
    for (const struct test *test = tests; test; test = test->next) {
        if (argc > 1 && !strstr(test->name, argv[1])) continue;
        printf("- %s\n", test->name);
        double began = seconds_now();
        int left = run_test(test);
        double took = seconds_now() - began;
        if (took > 2) printf("  took %.1f s\n", took);
        counts[left]++;
        /* Who only asks whether anything fails need not wait for the rest. */
        if (left == LEFT_FAILED && getenv("XJ_FAIL_FAST")) break;
    }
    printf("%d passed, %d failed, %d skipped\n", counts[0], counts[LEFT_FAILED],
           counts[LEFT_SKIPPED]);
    return counts[LEFT_FAILED] > 0 || counts[0] + counts[LEFT_SKIPPED] == 0;
}
