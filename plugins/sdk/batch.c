/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Records one behind the other; each says itself where it ends. */

#include <errno.h>
#include <sys/socket.h>

#include "batch.h"

int md_batch_send(MdBatch *batch) {
        if (batch->size == 0)
                return 0;
        while (send(batch->socket, batch->bytes, batch->size, MSG_NOSIGNAL) < 0)
                if (errno != EINTR)
                        return -errno;
        batch->size = 0;
        return 0;
}

int md_batch_add(MdBatch *batch, const MdRecord *record) {
        int length = md_record_encode(record, batch->bytes + batch->size, sizeof(batch->bytes) - batch->size);
        if (length == -E2BIG && batch->size > 0) {
                int r = md_batch_send(batch);
                if (r < 0)
                        return r;
                length = md_record_encode(record, batch->bytes, sizeof(batch->bytes));
        }
        if (length < 0)
                return length;
        batch->size += (size_t) length;
        return 0;
}

static int hand_out(const uint8_t *bytes, size_t size, MdTakeRecord take, void *userdata) {
        int r = 1;

        while (r >= 0 && size > 0) {
                MdRecord record;
                r = md_record_decode_first(bytes, size, &record);
                if (r < 0)
                        return r;
                bytes += r;
                size -= (size_t) r;
                r = take(userdata, &record);
                md_record_done(&record);
        }
        return r < 0 ? r : 1;
}

int md_batch_receive(int socket, MdTakeRecord take, void *userdata) {
        static _Thread_local uint8_t buffer[MD_RECORD_MAX];
        struct iovec part = { .iov_base = buffer, .iov_len = sizeof(buffer) };
        struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };
        ssize_t length;

        /* Without room for descriptors the kernel drops those that come along, and says so. */
        while ((length = recvmsg(socket, &message, MSG_DONTWAIT)) < 0)
                if (errno != EINTR)
                        return -errno;
        if (message.msg_flags & (MSG_TRUNC | MSG_CTRUNC))
                return -EBADMSG;
        return length == 0 ? 0 : hand_out(buffer, (size_t) length, take, userdata);
}
