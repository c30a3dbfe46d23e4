/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Two sockets: one on which the kernel tells that something changed, whose messages are not even read; and one on which it is
 * asked where packets would go, once things have settled.
 */

#include <arpa/inet.h>
#include <errno.h>
#include <linux/rtnetlink.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "links.h"

#define SETTLE_MS 1000u                 /* without another change */
#define SETTLE_MAX_MS 5000u             /* however many there are */
#define ANSWER_MS 1000                  /* the kernel answers at once */
#define BUFFER_SIZE 16384u
#define DRAIN_MAX 256u                  /* messages at a time */

const char *links_state_to_string(LinksState state) {
        static const char *const words[] = {
                [LINKS_OFFLINE] = "offline",
                [LINKS_LOCAL] = "local",
                [LINKS_ONLINE] = "online",
        };
        return words[state];
}

/* ---- sockets ---- */

static int open_socket(uint32_t groups) {
        const struct sockaddr_nl address = { .nl_family = AF_NETLINK, .nl_groups = groups };

        int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);
        if (fd < 0)
                return -errno;
        if (bind(fd, (const struct sockaddr *) &address, sizeof(address)) < 0) {
                int r = -errno;
                close(fd);
                return r;
        }
        return fd;
}

int links_open(Links *links) {
        *links = (Links) { .events = -1, .questions = -1, .changed_ms = 1 };
        links->questions = open_socket(0);
        if (links->questions < 0)
                return links->questions;
        links->events = open_socket(RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_IFADDR |
                                    RTMGRP_IPV6_ROUTE);
        if (links->events < 0) {
                int r = links->events;
                links_close(links);
                return r;
        }
        return 0;
}

void links_close(Links *links) {
        if (links->events >= 0)
                close(links->events);
        if (links->questions >= 0)
                close(links->questions);
        links->events = links->questions = -1;
}

/* ---- reading ---- */

/* The attributes behind a header of `header` bytes; `found` is told of each. */
static void each_attribute(const struct nlmsghdr *message, size_t header,
                           void (*found)(const struct rtattr *attribute, void *userdata), void *userdata) {
        size_t left = message->nlmsg_len - NLMSG_SPACE(header);
        const struct rtattr *attribute = (const struct rtattr *) ((const char *) message + NLMSG_SPACE(header));

        for (; RTA_OK(attribute, left); attribute = RTA_NEXT(attribute, left))
                found(attribute, userdata);
}

/* FNV-1a (Fowler, Noll and Vo). */
static void fold(uint64_t *fingerprint, const void *data, size_t size) {
        for (size_t i = 0; i < size; i++)
                *fingerprint = (*fingerprint ^ ((const uint8_t *) data)[i]) * UINT64_C(0x100000001b3);
}

static void fold_attribute(const struct rtattr *attribute, void *userdata) {
        switch (attribute->rta_type) {
        case RTA_OIF:
        case RTA_GATEWAY:
        case RTA_PREFSRC:
                fold(userdata, &attribute->rta_type, sizeof(attribute->rta_type));
                fold(userdata, RTA_DATA(attribute), RTA_PAYLOAD(attribute));
        }
}

bool links_read_route(const void *data, size_t size, uint64_t *fingerprint) {
        const struct nlmsghdr *message = data;

        if (!NLMSG_OK(message, size) || message->nlmsg_type != RTM_NEWROUTE ||
            message->nlmsg_len < NLMSG_SPACE(sizeof(struct rtmsg)))
                return false;
        const struct rtmsg *route = NLMSG_DATA(message);
        if (route->rtm_type != RTN_UNICAST || route->rtm_flags & (RTNH_F_DEAD | RTNH_F_LINKDOWN))
                return false;
        fold(fingerprint, &route->rtm_family, sizeof(route->rtm_family));
        each_attribute(message, sizeof(*route), fold_attribute, fingerprint);
        return true;
}

int links_read_addresses(const void *data, size_t size, bool *ret_found) {
        size_t left = size;

        for (const struct nlmsghdr *message = data; NLMSG_OK(message, left); message = NLMSG_NEXT(message, left)) {
                if (message->nlmsg_type == NLMSG_DONE)
                        return 1;
                if (message->nlmsg_type == NLMSG_ERROR)
                        return -EBADMSG;
                if (message->nlmsg_type != RTM_NEWADDR || message->nlmsg_len < NLMSG_SPACE(sizeof(struct ifaddrmsg)))
                        continue;
                const struct ifaddrmsg *address = NLMSG_DATA(message);
                *ret_found = *ret_found || address->ifa_scope < RT_SCOPE_LINK;
        }
        return 0;
}

/* ---- asking ---- */

static ssize_t receive(int fd, void *buffer, size_t size) {
        struct pollfd ready = { .fd = fd, .events = POLLIN };
        ssize_t n;

        while ((n = recv(fd, buffer, size, 0)) < 0 && (errno == EAGAIN || errno == EINTR))
                if (errno == EAGAIN && poll(&ready, 1, ANSWER_MS) <= 0)
                        return -1;
        return n;
}

/* A server that everybody knows: its address stands for the internet. */
static bool ask_route(int fd, int family, const char *address, uint64_t *fingerprint) {
        struct {
                struct nlmsghdr header;
                struct rtmsg route;
                struct rtattr attribute;
                uint8_t destination[16];
        } question = { 0 };
        size_t size = family == AF_INET ? 4 : 16;
        uint8_t buffer[BUFFER_SIZE] __attribute__((aligned(NLMSG_ALIGNTO)));

        inet_pton(family, address, question.destination);
        question.header.nlmsg_len = (uint32_t) (offsetof(__typeof__(question), destination) + size);
        question.header.nlmsg_type = RTM_GETROUTE;
        question.header.nlmsg_flags = NLM_F_REQUEST;
        question.route.rtm_family = (uint8_t) family;
        question.route.rtm_dst_len = (uint8_t) (size * 8);
        question.attribute.rta_type = RTA_DST;
        question.attribute.rta_len = (uint16_t) RTA_LENGTH(size);
        if (send(fd, &question, question.header.nlmsg_len, 0) < 0)
                return false;
        ssize_t n = receive(fd, buffer, sizeof(buffer));
        return n > 0 && links_read_route(buffer, (size_t) n, fingerprint);
}

static bool ask_addresses(int fd) {
        const struct {
                struct nlmsghdr header;
                struct ifaddrmsg address;
        } question = {
                .header = { .nlmsg_len = sizeof(question), .nlmsg_type = RTM_GETADDR,
                            .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP },
        };
        uint8_t buffer[BUFFER_SIZE] __attribute__((aligned(NLMSG_ALIGNTO)));
        bool found = false;
        ssize_t n;

        if (send(fd, &question, sizeof(question), 0) < 0)
                return false;
        while ((n = receive(fd, buffer, sizeof(buffer))) > 0)
                if (links_read_addresses(buffer, (size_t) n, &found) != 0)
                        break;
        return found;
}

/* Of a.root-servers.net; nothing is sent there. */
static LinksState ask(const Links *links, uint64_t *ret_fingerprint) {
        *ret_fingerprint = UINT64_C(0xcbf29ce484222325);
        bool ipv4 = ask_route(links->questions, AF_INET, "198.41.0.4", ret_fingerprint);
        bool ipv6 = ask_route(links->questions, AF_INET6, "2001:503:ba3e::2:30", ret_fingerprint);

        if (ipv4 || ipv6)
                return LINKS_ONLINE;
        return ask_addresses(links->questions) ? LINKS_LOCAL : LINKS_OFFLINE;
}

/* ---- in time ---- */

void links_hear(Links *links, uint64_t now_ms) {
        uint8_t byte;

        /* That messages were lost is a change, too. */
        for (size_t i = 0; i < DRAIN_MAX; i++)
                if (recv(links->events, &byte, sizeof(byte), MSG_TRUNC) < 0 && errno != ENOBUFS)
                        break;
        if (links->changed_ms == 0)
                links->changed_ms = now_ms;
        links->last_ms = now_ms;
}

/* When things have settled. */
static uint64_t due_ms(const Links *links) {
        uint64_t quiet = links->last_ms + SETTLE_MS, latest = links->changed_ms + SETTLE_MAX_MS;
        return !links->known ? 0 : quiet < latest ? quiet : latest;
}

int links_wait_ms(const Links *links, uint64_t now_ms) {
        if (links->events < 0 || links->changed_ms == 0)
                return -1;
        uint64_t due = due_ms(links);
        return due > now_ms ? (int) (due - now_ms) : 0;
}

bool links_look(Links *links, uint64_t now_ms, bool *ret_changed) {
        uint64_t fingerprint;

        if (links_wait_ms(links, now_ms) != 0)
                return false;
        LinksState state = ask(links, &fingerprint);
        bool first = !links->known, other = state != links->state || fingerprint != links->fingerprint;
        links->known = true;
        links->state = state;
        links->fingerprint = fingerprint;
        links->changed_ms = 0;
        *ret_changed = !first;
        return first || other;
}
