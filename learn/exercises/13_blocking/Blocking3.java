// What computes for long and in one piece, a hash or a compression, goes to threads that compute,
// one for each processor: `await(compute(() -> …))`. The loop goes on meanwhile.
//
// Hash elsewhere.

import static dev.latent.Async.*;

import dev.latent.Future;
import dev.latent.runtime.Latent;
import java.security.MessageDigest;

Thread hashedBy;

byte[] hash(byte[] bytes) throws Exception {
    hashedBy = Thread.currentThread();
    return MessageDigest.getInstance("SHA-256").digest(bytes);
}

Future<Integer> fingerprint(byte[] bytes) {
    return async(() -> {
        await(yieldNow());
        return hash(bytes).length;
    });
}

void main() throws Exception {
    int length = Latent.blockOn(fingerprint(new byte[1_000_000]));
    assert length == 32 : length;
    assert hashedBy != Thread.currentThread() : "the thread on which all tasks wait for their turn has made the hash";
}
