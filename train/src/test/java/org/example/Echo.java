package org.example;

import gradus.train.rl.Completion;
import gradus.train.rl.Environment;
import gradus.train.rl.Problem;
import java.util.List;
import java.util.stream.LongStream;

/// A word is to be repeated, and then the end is to come: each is paid a half.
final class Echo implements Environment {
    static final int END = 4;

    private record Word(int token) implements Problem {
        @Override
        public int[] prompt() {
            return new int[] {token};
        }

        @Override
        public double reward(Completion completion) {
            int[] tokens = completion.tokens();
            return (tokens[0] == token ? 0.5 : 0) + (tokens.length == 2 && completion.ended() ? 0.5 : 0);
        }
    }

    @Override
    public Problem problem(long number) {
        return new Word((int) (number % END));
    }

    @Override
    public List<Problem> heldOut() {
        return LongStream.range(0, END).mapToObj(this::problem).toList();
    }

    @Override
    public int end() {
        return END;
    }

    @Override
    public String fingerprint() {
        return "echo";
    }
}
