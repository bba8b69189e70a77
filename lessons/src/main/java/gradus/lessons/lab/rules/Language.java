package gradus.lessons.lab.rules;

import java.util.ArrayList;
import java.util.List;

/// How rules, questions and answers are written, one token a word.
/// ```text
/// a f b  b g c              rules of a context
/// a f g =  c .              a question of two hops, answered at once
/// a f g =  a f b g c .      the same with its steps written out
/// ```
///
/// @param symbols   how many there are; their tokens come first
/// @param functions whose tokens follow
/// @param steps     whether answers write out their steps
record Language(int symbols, int functions, boolean steps) {

    /// V.
    int vocabulary() {
        return symbols + functions + 2;
    }

    int equals() {
        return symbols + functions;
    }

    /// What ends an answer.
    int end() {
        return equals() + 1;
    }

    int function(int function) {
        return symbols + function;
    }

    List<Integer> context(List<Rule> rules) {
        List<Integer> tokens = new ArrayList<>();
        for (Rule rule : rules) {
            tokens.add(rule.symbol());
            tokens.add(function(rule.function()));
            tokens.add(rule.result());
        }
        return tokens;
    }

    List<Integer> question(Chain chain) {
        List<Integer> tokens = new ArrayList<>();
        tokens.add(chain.start());
        chain.functions().forEach(each -> tokens.add(function(each)));
        tokens.add(equals());
        return tokens;
    }

    /// @param path the symbols that the chain comes through
    List<Integer> answer(Chain chain, int... path) {
        List<Integer> tokens = new ArrayList<>();
        if (steps) {
            tokens.add(path[0]);
            for (int i = 0; i < chain.hops(); i++) {
                tokens.add(function(chain.functions().get(i)));
                tokens.add(path[i + 1]);
            }
        } else {
            tokens.add(path[path.length - 1]);
        }
        tokens.add(end());
        return tokens;
    }

    /// How many tokens an answer has.
    int answerLength(int hops) {
        return steps ? 2 * hops + 2 : 2;
    }

    /// The last symbol before the end of an answer; -1 if it has no end, or something else stands there.
    int said(int... answer) {
        for (int i = 1; i < answer.length; i++) {
            if (answer[i] == end()) {
                return answer[i - 1] < symbols ? answer[i - 1] : -1;
            }
        }
        return -1;
    }
}
