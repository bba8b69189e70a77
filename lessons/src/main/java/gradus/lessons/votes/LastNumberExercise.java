package gradus.lessons.votes;

import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Trial;

final class LastNumberExercise {
    private static final String KEEP =
            "last = OptionalDouble.of(Double.parseDouble(number.group().replace(\",\", \"\")));";

    private LastNumberExercise() {}

    static Exercise exercise() {
        return Exercise.of(LastNumber.class, "The answer of a chain of thought")
                .forbid("AnswerExtractor")
                .probe("one number", "a point ends the sentence: 42", t -> t.call("The answer is 42."))
                .probe(
                        "a chain",
                        "what it has come to is 20, though 48 is larger",
                        t -> t.call("A box has 12 eggs. 4 boxes have 48. 28 are eaten, so 20 eggs are left."))
                .probe("thousands", "1,250 is one number", t -> t.call("5 times 250 is 1,250."))
                .probe("millions", "two commas", t -> t.call("That makes $2,500,000 a year"))
                .probe("a comma between numbers", "3 and 4 are two numbers", t -> t.call("The roots are 3,4"))
                .probe("a comma behind", "it ends a clause", t -> t.call("I get 18, which is right"))
                .probe("a fraction", "3.75", t -> t.call("2 + 1.75 = 3.75"))
                .probe("both", "1,250.5", t -> t.call("He pays $1,250.50."))
                .probe("a minus", "-5", t -> t.call("7 less 12 is -5"))
                .probe("a minus at the beginning", "-3", t -> t.call("-3"))
                .probe(
                        "a minus between numbers",
                        "12 less 5; the last number is 5",
                        t -> t.call("I have to work out 12-5"))
                .probe(
                        "behind the = is not the end",
                        "16 is the last",
                        t -> t.call("2 * 8 = 16, so the answer is 16 cats, not 17... no: 16"))
                .probe("no =", "", t -> t.call("9 apples and 6 pears are 15 fruits"))
                .probe("several digits", "", t -> t.call("The year is 1984"))
                .probe("0", "it is a number too", t -> t.call("4 - 4 = 0"))
                .probe("no number", "there is no answer", t -> t.call("I do not know."))
                .probe("nothing", "", t -> t.call(""))
                .probe("a drawn sum", "", LastNumberExercise::drawn)
                .bug(
                        "The first number is taken, not the last",
                        KEEP,
                        KEEP.replace("last = ", "last = last.isPresent() ? last : "))
                .bug(
                        "The largest number is taken, not the last",
                        KEEP,
                        "last = OptionalDouble.of(Math.max(last.orElse(Double.NEGATIVE_INFINITY),"
                                + " Double.parseDouble(number.group().replace(\",\", \"\"))));")
                .bug("The minus of 12-5 is taken for the sign of 5", "(?:(?<!\\\\d)-)?", "-?")
                .bug("A minus is never a part of a number: -5 becomes 5", "(?:(?<!\\\\d)-)?", "")
                .bug("A comma always parts numbers: 1,250 becomes 250", "(?:,\\\\d{3}(?!\\\\d))*", "")
                .bug(
                        "All commas are taken out first: 3,4 becomes 34",
                        "matcher(text)",
                        "matcher(text.replace(\",\", \"\"))")
                .bug("Only one comma is expected: of 2,500,000 the end is lost or 0", "(?!\\\\d))*", "(?!\\\\d))?")
                .bug("The point always parts numbers: 3.75 becomes 75", "(?:\\\\.\\\\d+)?", "")
                .bug(
                        "What stands behind the point is cut off: 3.75 becomes 3",
                        "Double.parseDouble(number",
                        "(int) Double.parseDouble(number")
                .bug("Only the last digit is taken", "\\\\d+(?:,", "\\\\d(?:,")
                .bug("All digits of the text are joined", KEEP, """
                        last = OptionalDouble.of(Double.parseDouble(text.replaceAll("[^0-9]", "")));""")
                .bug(
                        "Only what stands behind an = is read",
                        "matcher(text)",
                        "matcher(text.contains(\"=\") ? text.substring(text.lastIndexOf('=')) : \"\")")
                .bug("A text without a number has the answer 0", "OptionalDouble.empty()", "OptionalDouble.of(0)")
                .variant("from behind, char by char", """
                        int end = text.length();
                        while (end > 0 && !Character.isDigit(text.charAt(end - 1))) {
                            end--;
                        }
                        if (end == 0) {
                            return OptionalDouble.empty();
                        }
                        int start = digits(text, end);
                        int first = start;
                        int behind = end;
                        if (start > 1 && text.charAt(start - 1) == '.' && Character.isDigit(text.charAt(start - 2))) {
                            behind = start - 1;
                            first = digits(text, behind);
                        }
                        while (behind - first == 3
                                && first > 1
                                && text.charAt(first - 1) == ','
                                && Character.isDigit(text.charAt(first - 2))) {
                            behind = first - 1;
                            first = digits(text, behind);
                        }
                        double value = Double.parseDouble(text.substring(first, end).replace(",", ""));
                        boolean minus = first > 0
                                && text.charAt(first - 1) == '-'
                                && (first == 1 || !Character.isDigit(text.charAt(first - 2)));
                        return OptionalDouble.of(minus ? -value : value);
                    }

                    private static int digits(String text, int end) {
                        int start = end;
                        while (start > 0 && Character.isDigit(text.charAt(start - 1))) {
                            start--;
                        }
                        return start;
                        """)
                .variant("by streams", """
                        return Pattern.compile("[0-9]+(,[0-9]{3}(?![0-9]))*([.][0-9]+)?")
                                .matcher(text)
                                .results()
                                .mapToDouble(found -> {
                                    String before = text.substring(0, found.start());
                                    boolean minus = before.endsWith("-") && !before.matches("(?s).*[0-9]-");
                                    return (minus ? -1 : 1) * Double.parseDouble(found.group().replaceAll(",", ""));
                                })
                                .reduce((first, second) -> second);
                        """)
                .hints(
                        "Which of the chars , . - belong to a number, and which to the sentence? It depends on"
                                + " what stands beside"
                                + " them.",
                        "A regular expression finds numbers one after the other; keep the last. (?<!\\d) before"
                                + " the minus says:"
                                + " no digit stands here.",
                        "\\d+, then (?:,\\d{3}(?!\\d))* for the groups, (?:\\.\\d+)? for the fraction, and"
                                + " before it all"
                                + " (?:(?<!\\d)-)?")
                .reading("The section \"Reading the answer\" of this lesson; Wei et al. 2022");
    }

    private static Object drawn(Trial t) {
        int[] n = t.ints(900, 2);
        return t.call(
                "First " + (n[0] + 100) + " and then " + (n[1] + 101) + ". Together " + (n[0] + n[1] + 201) + ".");
    }
}
