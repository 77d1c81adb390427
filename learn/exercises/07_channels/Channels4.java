// A question takes the way back with it: a Oneshot, which carries one answer. One task that owns
// the state answers, and nothing has to be locked.
//
// Answer: oneshot.send(value).

import static dev.latent.Async.*;

import dev.latent.Future;
import dev.latent.Item;
import dev.latent.channel.Channel;
import dev.latent.channel.Oneshot;
import dev.latent.channel.Receiver;
import dev.latent.runtime.Latent;
import dev.latent.world.Clock;
import dev.latent.world.VirtualClock;

record Question(String item, Oneshot<Integer> answer) {}

Future<Void> shop(Receiver<Question> inbox) {
    return async(() -> {
        int sold = 0;
        while (await(inbox.next()) instanceof Item(var question)) {
            sold++;
        }
    });
}

Future<Integer> buy(Channel<Question> questions, String item) {
    return async(() -> {
        try (var answer = Oneshot.<Integer>create()) {
            await(questions.send(new Question(item, answer)));
            return await(answer.receive());
        }
    });
}

Future<Integer> twoCustomers() {
    return async(() -> {
        var questions = Channel.<Question>bounded(8);
        try (var _ = spawn(shop(questions.receiver()))) {
            var numbers = await(join(buy(questions, "tea"), buy(questions, "water")));
            return numbers.first() + numbers.second();
        }
    });
}

void main() throws Exception {
    int sum = Latent.blockOn(twoCustomers(), Latent.system().with(Clock.class, new VirtualClock()));
    assert sum == 3 : "the first customer is number 1, the second number 2, and their sum is not " + sum;
}
