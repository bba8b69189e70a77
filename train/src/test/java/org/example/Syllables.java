package org.example;

import gradus.tokenizer.pretokenize.PreTokenizer;
import java.util.Optional;

/// A pre-token ends behind a run of vowels: `ba na na`.
final class Syllables implements PreTokenizer {
    @Override
    public int end(byte[] utf8, int from, int to) {
        int i = from;
        while (i < to && !isVowel(utf8[i])) {
            i++;
        }
        while (i < to && isVowel(utf8[i])) {
            i++;
        }
        return i;
    }

    private static boolean isVowel(byte b) {
        return "aeiou".indexOf(b) >= 0;
    }

    @Override
    public String name() {
        return "syllables";
    }

    @Override
    public Optional<String> pattern() {
        return Optional.of("[^aeiou]*[aeiou]+|[^aeiou]+");
    }
}
