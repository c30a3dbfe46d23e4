/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What every Check program of the tests ends with. */

#include <check.h>
#include <stdlib.h>

static inline int run_suite(Suite *suite) {
        SRunner *runner = srunner_create(suite);
        srunner_run_all(runner, CK_NORMAL);
        int failed = srunner_ntests_failed(runner);
        srunner_free(runner);
        return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
