package gradus.tokenizer.normalize;

import gradus.tokenizer.text.CodePointSets;
import java.util.BitSet;

/// The characters that huggingface/tokenizers' StripAccents, NFC, NFD, NFKC and NFKD treat as an older Unicode does.
///
/// A model's ids depend on the tables it was trained with, so characters that came later are left alone here
/// too. The lists are the differences found by putting every code point through both (huggingface/tokenizers
/// 0.23.2 and Java 25, Unicode 16), alone and between combining marks. Where such a character meets combining
/// marks the parts before and after it are normalised apart: to the older tables it is no mark, so nothing
/// moves past it, and it composes with nothing.
///
/// A later Java may know more characters; these stay as listed, and new ones are Java's affair.
final class OlderUnicode {
    private static final BitSet LATER_MARKS = CodePointSets.of(
            "7FD 897-89F 8CA-8D3 9FE AFA-AFF B55 C04 C3C CF3 D00 D3B-D3C D81 EBA ECE 1715 180F 1ABF-1ACE 1CF7 "
                    + "1DF6-1DFA A82C A8FF 10D24-10D27 10D69-10D6D 10EAB-10EAC 10EFC-10EFF 10F46-10F50 10F82-10F85 "
                    + "11070 11073-11074 110C2 11145-11146 111C9 111CE-111CF 11241 1133B 113B8-113C0 113C2 113C5 "
                    + "113C7-113CA 113CC-113D0 113D2 113E1-113E2 1145E 1182C-1183A 11930-11935 11937-11938 "
                    + "1193B-1193E 11940 11942-11943 119D1-119D7 119DA-119E0 119E4 11A01-11A0A 11A33-11A39 "
                    + "11A3B-11A3E 11A47 11A51-11A5B 11A8A-11A99 11D31-11D36 11D3A 11D3C-11D3D 11D3F-11D45 11D47 "
                    + "11D8A-11D8E 11D90-11D91 11D93-11D97 11EF3-11EF6 11F00-11F01 11F03 11F34-11F3A 11F3E-11F42 "
                    + "11F5A 13440 13447-13455 1611E-1612F 16F4F 16F7F-16F87 16FE4 16FF0-16FF1 1CF00-1CF2D "
                    + "1CF30-1CF46 1E08F 1E130-1E136 1E2AE 1E2EC-1E2EF 1E4EC-1E4EF 1E5EE-1E5EF");
    private static final BitSet LATER_COMPOSED =
            CodePointSets.of("105C9 105E4 11383 11385 1138E 11391 113C5 113C7-113C8 11938 16121-16128 16D68-16D6A");
    private static final BitSet LATER_COMPATIBLE = CodePointSets.of(
            "32FF A7F2-A7F4 AB69 10781-10785 10787-107B0 107B2-107BA 1CCD6-1CCF9 1E030-1E06D 1F16C 1FBF0-1FBF9");

    /// Marks that move past others, and what they or their like are composed of.
    private static final BitSet LATER_COMBINING = CodePointSets.of(
            "7FD 897-89F 8CA-8D3 9FE C3C D3B-D3C EBA 1715 1ABF-1ACE 1DF6-1DFA A82C 105C9 105D2 105DA 105E4 "
                    + "10D24-10D27 10D69-10D6D 10EAB-10EAC 10EFD-10EFF 10F46-10F50 10F82-10F85 11070 1133B 11382-11385 "
                    + "1138B 1138E 11390-11391 113B8 113BB 113C2 113C5 113C7-113C9 113CE-113D0 1145E 11839-1183A 11930 "
                    + "11935 11938 1193D-1193E 11943 119E0 11A34 11A47 11A99 11D42 11D44-11D45 11D97 11F41-11F42 "
                    + "1611E-16129 1612F 16D63 16D67-16D6A 16FF0-16FF1 1E08F 1E130-1E136 1E2AE 1E2EC-1E2EF 1E4EC-1E4EF "
                    + "1E5EE-1E5EF");

    private OlderUnicode() {}

    /// A character that is ordered or composed among combining marks since the tables were made.
    static boolean isLaterCombining(int c) {
        return c > 0x7F && LATER_COMBINING.get(c);
    }

    /// A combining mark: categories Mn, Mc and Me. Two have left them since.
    static boolean isMark(int c) {
        return switch (Character.getType(c)) {
            case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK, Character.ENCLOSING_MARK ->
                !LATER_MARKS.get(c);
            default -> c == 0x1CF2 || c == 0x1CF3;
        };
    }

    /// A character whose canonical decomposition is younger than the tables.
    static boolean isLaterComposed(int c) {
        return LATER_COMPOSED.get(c);
    }

    /// A character whose compatible form is younger than the tables.
    static boolean isLaterCompatible(int c) {
        return LATER_COMPATIBLE.get(c);
    }
}
