/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* maildiag-notifier: the companion on the desktop.  One a session; a second start shows what the first one knows. */

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "config.h"
#include "i18n.h"
#include "memory.h"
#include "notifier.h"
#include "own.h"
#include "translate.h"

#define EX_USAGE 64
#define EX_UNAVAILABLE 69
#define SETTLE_SECONDS 60u              /* after a login everything is still on its way */

typedef struct Options {
        NotifierOptions notifier;
        bool show;
        bool help, version;
} Options;

static void say(const char *text, int r) {
        fprintf(stderr, "maildiag-notifier: %s%s%s\n", text, r < 0 ? ": " : "", r < 0 ? strerror(-r) : "");
}

static void print_help(void) {
        puts(_("maildiag-notifier [OPTION…]\n\n"
               "Tells on the desktop when mail stops working, what to do, and when it works again.\n\n"
               "  --show             show how all accounts are; a notifier that runs already does it\n"
               "  --settle=SECONDS   say nothing for so long after the start (60)\n"
               "  --no-tray          no icon in the tray\n"
               "  --no-system        watch the user's own accounts only\n"
               "  -h, --help         this text\n"
               "      --version      the version"));
}

static int read_seconds(const char *text, uint64_t *ret_usec) {
        char *end;
        errno = 0;
        unsigned long seconds = strtoul(text, &end, 10);
        if (errno != 0 || end == text || *end || *text == '-' || seconds > 86400)
                return -EINVAL;
        *ret_usec = seconds * 1000000ull;
        return 0;
}

/* Returns 0, or an exit status after having said what is wrong. */
static int read_options(int argc, char *argv[], Options *options) {
        static const struct option names[] = {
                { "show", no_argument, NULL, 's' },
                { "settle", required_argument, NULL, 'w' },
                { "no-tray", no_argument, NULL, 't' },
                { "no-system", no_argument, NULL, 'u' },
                { "help", no_argument, NULL, 'h' },
                { "version", no_argument, NULL, 'v' },
                { 0 },
        };
        int option;

        while ((option = getopt_long(argc, argv, "h", names, NULL)) >= 0)
                switch (option) {
                case 's':
                        options->show = true;
                        break;
                case 'w':
                        if (read_seconds(optarg, &options->notifier.settle_usec) < 0) {
                                fprintf(stderr, _("maildiag-notifier: --settle: '%s' is no number of seconds (0 to 86400)\n"), optarg);
                                return EX_USAGE;
                        }
                        break;
                case 't':
                        options->notifier.tray = false;
                        break;
                case 'u':
                        options->notifier.system = false;
                        break;
                case 'h':
                        options->help = true;
                        break;
                case 'v':
                        options->version = true;
                        break;
                default:
                        return EX_USAGE;
                }
        if (optind < argc) {
                fprintf(stderr, _("maildiag-notifier: '%s' is no option; see maildiag-notifier --help\n"), argv[optind]);
                return EX_USAGE;
        }
        return 0;
}

/* The one that runs already is asked to do what we were started for. */
static int hand_over(sd_bus *bus, const Options *options) {
        _cleanup_(sd_bus_error_free) sd_bus_error error = SD_BUS_ERROR_NULL;

        if (!options->show) {
                say(_("it runs already in this session"), 0);
                return EXIT_SUCCESS;
        }
        int r = sd_bus_call_method(bus, NOTIFIER_NAME, NOTIFIER_PATH, "org.freedesktop.Application", "Activate", &error, NULL,
                                   "a{sv}", 0);
        if (r < 0)
                say(_("the one that runs already does not answer"), r);
        return r < 0 ? EX_UNAVAILABLE : EXIT_SUCCESS;
}

static int prepare(sd_event *event, sd_bus *bus) {
        static const int signals[] = { SIGTERM, SIGINT };
        sigset_t blocked;

        sigemptyset(&blocked);
        sigaddset(&blocked, SIGCHLD);
        for (size_t i = 0; i < ELEMENTS(signals); i++)
                sigaddset(&blocked, signals[i]);
        if (sigprocmask(SIG_BLOCK, &blocked, NULL) < 0)
                return -errno;
        for (size_t i = 0; i < ELEMENTS(signals); i++) {
                int r = sd_event_add_signal(event, NULL, signals[i], NULL, NULL);
                if (r < 0)
                        return r;
        }
        int r = sd_bus_set_exit_on_disconnect(bus, true);
        return r < 0 ? r : sd_bus_attach_event(bus, event, SD_EVENT_PRIORITY_NORMAL);
}

static int serve(sd_bus *bus, const Options *options) {
        _cleanup_(sd_event_unrefp) sd_event *event = NULL;
        Notifier *notifier = NULL;

        int r = sd_event_new(&event);
        if (r >= 0)
                r = prepare(event, bus);
        if (r >= 0)
                r = notifier_new(bus, event, &options->notifier, &notifier);
        if (r >= 0 && options->show)
                notifier_show(notifier);
        if (r >= 0)
                r = sd_event_loop(event);
        notifier_free(notifier);
        sd_bus_detach_event(bus);
        if (r < 0)
                say(_("cannot go on"), r);
        return r < 0 ? EXIT_FAILURE : r;
}

static int run(const Options *options) {
        _cleanup_(sd_bus_flush_close_unrefp) sd_bus *bus = NULL;

        int r = sd_bus_open_user(&bus);
        if (r < 0) {
                say(_("the session bus cannot be reached"), r);
                return EX_UNAVAILABLE;
        }
        r = sd_bus_request_name(bus, NOTIFIER_NAME, 0);
        if (r == -EEXIST || r == -EALREADY)
                return hand_over(bus, options);
        if (r < 0) {
                say(_("the session bus refuses the name org.maildiag.Notifier"), r);
                return EX_UNAVAILABLE;
        }
        return serve(bus, options);
}

int main(int argc, char *argv[]) {
        _cleanup_free_ char *memory = memory_default_path();
        Options options = {
                .notifier = { .settle_usec = SETTLE_SECONDS * 1000000ull, .memory = memory, .system = true, .tray = true },
        };

        translate_init();
        int status = read_options(argc, argv, &options);
        if (status != 0)
                return status;
        if (options.help)
                print_help();
        else if (options.version)
                printf("maildiag-notifier %s\n", MAILDIAG_VERSION);
        else
                return run(&options);
        return EXIT_SUCCESS;
}
