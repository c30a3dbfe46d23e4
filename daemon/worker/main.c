/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* maildiag-worker: the options.  Started by maildiagd, never by a person; --help says so. */

#include <errno.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sysexits.h>
#include <unistd.h>

#include "complain.h"
#include "config.h"
#include "environment.h"
#include "instrumented.h"
#include "watchdog.h"
#include "worker.h"

#define TIME_SCALE_MAX 1000u

static const char help[] =
        "Usage: maildiag-worker --socket=N [OPTION]…\n"
        "Runs the probes of maildiagd, which starts it, or has the service manager do so.\n"
        "\n"
        "  --socket=N          descriptor of the socket to the daemon\n"
        "  --plugin-dir=DIR    directory of the plugins (" MAILDIAG_PLUGINDIR ")\n"
        "  --discovery         run the plugins that find settings on the network\n"
        "  --time-scale=N      divide every waiting time of a dialogue by N (tests)\n"
        "  --help              show this\n"
        "  --version           show the version\n";

enum {
        OPTION_SOCKET = 256,
        OPTION_PLUGIN_DIR,
        OPTION_DISCOVERY,
        OPTION_TIME_SCALE,
        OPTION_HELP,
        OPTION_VERSION,
};

static const struct option table[] = {
        { "socket", required_argument, NULL, OPTION_SOCKET },
        { "plugin-dir", required_argument, NULL, OPTION_PLUGIN_DIR },
        { "discovery", no_argument, NULL, OPTION_DISCOVERY },
        { "time-scale", required_argument, NULL, OPTION_TIME_SCALE },
        { "help", no_argument, NULL, OPTION_HELP },
        { "version", no_argument, NULL, OPTION_VERSION },
        { 0 },
};

static bool parse_number(const char *text, unsigned long max, unsigned long *ret) {
        char *end;

        errno = 0;
        *ret = strtoul(text, &end, 10);
        return errno == 0 && *text >= '0' && *text <= '9' && *end == '\0' && *ret <= max;
}

static bool is_socket(int fd) {
        int type;
        socklen_t size = sizeof(type);
        return getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_SEQPACKET;
}

static int usage_socket(const char *text, WorkerOptions *options) {
        unsigned long number;

        if (!parse_number(text, 1024 * 1024, &number) || number <= STDERR_FILENO) {
                complain("--socket: \"%s\" is not the number of a descriptor above 2", text);
                return -EINVAL;
        }
        if (!is_socket((int) number)) {
                complain("--socket: descriptor %lu is not a socket of type SOCK_SEQPACKET", number);
                return -EINVAL;
        }
        options->socket = (int) number;
        return 0;
}

static int usage_time_scale(const char *text, WorkerOptions *options) {
        unsigned long number;

        if (!parse_number(text, TIME_SCALE_MAX, &number) || number == 0) {
                complain("--time-scale: \"%s\" is not a number from 1 to %u", text, TIME_SCALE_MAX);
                return -EINVAL;
        }
        options->time_scale = number;
        return 0;
}

static int usage_plugin_directory(const char *text, WorkerOptions *options) {
        if (!*text) {
                complain("--plugin-dir: the name of a directory is missing");
                return -EINVAL;
        }
        options->plugin_directory = text;
        return 0;
}

/* Returns 0, 1 when help or version was shown, -EINVAL after a complaint. */
static int options_parse(int argc, char **argv, WorkerOptions *options) {
        int r = 0, option;

        opterr = 0;
        while (r == 0 && (option = getopt_long(argc, argv, ":", table, NULL)) >= 0)
                switch (option) {
                case OPTION_SOCKET:
                        r = usage_socket(optarg, options);
                        break;
                case OPTION_PLUGIN_DIR:
                        r = usage_plugin_directory(optarg, options);
                        break;
                case OPTION_DISCOVERY:
                        options->discovery = true;
                        break;
                case OPTION_TIME_SCALE:
                        r = usage_time_scale(optarg, options);
                        break;
                case OPTION_HELP:
                        fputs(help, stdout);
                        return 1;
                case OPTION_VERSION:
                        puts("maildiag-worker " MAILDIAG_VERSION);
                        return 1;
                case ':':
                        complain("%s: a value is missing", argv[optind - 1]);
                        return -EINVAL;
                case '?':
                        complain("%s: there is no such option", argv[optind - 1]);
                        return -EINVAL;
                }
        if (r == 0 && optind < argc) {
                complain("\"%s\": only options are taken", argv[optind]);
                return -EINVAL;
        }
        if (r == 0 && options->socket < 0) {
                complain("--socket is missing; this program is started by maildiagd");
                return -EINVAL;
        }
        return r;
}

int main(int argc, char **argv) {
        WorkerOptions options = { .socket = -1, .plugin_directory = MAILDIAG_PLUGINDIR };

        int r = options_parse(argc, argv, &options);
        if (r != 0)
                return r < 0 ? EX_USAGE : EXIT_SUCCESS;
        watchdog_learn(&options.watchdog);
        r = environment_clear();
        if (r == 0)
                r = environment_settle(options.socket);
        if (r < 0) {
                complain("what was inherited cannot be put away: %s", strerror(-r));
                return EXIT_FAILURE;
        }
        r = worker_run(&options);
        /* The search for leaks at exit is more than the sandbox allows. */
        if (INSTRUMENTED)
                _exit(r < 0 ? EXIT_FAILURE : EXIT_SUCCESS);
        return r < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
