// A channel hands values from task to task. `next()` gives an Item, and the End once the channel is
// closed and empty: a loop over it waits for that end.
//
// Tell the receiver that there will be no more words.

import static dev.latent.Async.*;

import dev.latent.Future;
import dev.latent.Item;
import dev.latent.channel.Channel;
import dev.latent.channel.Receiver;
import dev.latent.runtime.Latent;
import dev.latent.world.Clock;
import dev.latent.world.VirtualClock;

Future<Integer> letters(Receiver<String> inbox) {
    return async(() -> {
        int sum = 0;
        while (await(inbox.next()) instanceof Item(var word)) {
            sum += word.length();
        }
        return sum;
    });
}

Future<Integer> count(String text) {
    return async(() -> {
        var words = Channel.<String>bounded(2);
        var sum = spawn(letters(words.receiver()));
        for (String word : text.split(" ")) {
            await(words.send(word));
        }
        return await(sum);
    });
}

void main() throws Exception {
    int letters = Latent.blockOn(count("tea and water"), Latent.system().with(Clock.class, new VirtualClock()));
    assert letters == 11 : letters;
}
