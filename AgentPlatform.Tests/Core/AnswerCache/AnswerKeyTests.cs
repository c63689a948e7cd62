using AgentPlatform.Core.AnswerCache;
using AgentPlatform.Core.Wire;
using CsCheck;
using Xunit;

namespace AgentPlatform.Tests.Core.AnswerCache;

public sealed class AnswerKeyTests
{
    private static readonly AnswerKeyParts Example = new("local", "default", "v1", "builtin", "", HistoryDigest.Empty, "What is 2+2?");

    // Texts that are nothing but themselves after normalisation, and short enough to collide if anything can.
    private static readonly Gen<string> GenText = Gen.Char["ab:1"].Array[0, 4].Select(chars => new string(chars));
    private static readonly Gen<string[]> GenParts = GenText.Array[7];

    // Whatever normalisation may take for the same or must keep apart: cases, widths, compositions, ligatures, exponents, all kinds of gaps.
    private static readonly Gen<string> GenQuestion =
        Gen.OneOf("a", "A", "é", "e\u0301", "É", "ａ", "１", "1", "²", "ﬁ", "fi", "ς", "σ", "Σ", "ß", "你", " ", "  ", "\t", "\u00a0", "　", "\n", "\r\n", "\ud83d", "🙂")
            .Array[0, 6].Select(string.Concat);

    private static readonly Gen<QuestionForm> GenForm = Gen.Select(
        Gen.Enum<QuestionUnicode>(), Gen.Enum<QuestionWhiteSpace>(), Gen.Enum<QuestionCase>(), (unicode, space, letters) => new QuestionForm(unicode, space, letters));

    [Fact]
    public void Any_change_of_any_part_changes_the_key() =>
        Gen.Select(GenParts, Gen.Int[0, 6], GenText).Sample((parts, which, other) =>
        {
            var changed = parts.ToArray();
            changed[which] = other;
            return (Key(parts) == Key(changed)) == (parts[which] == other);
        });

    [Fact]
    public void No_two_lists_of_parts_share_a_key() =>
        Gen.Select(GenParts, GenParts).Sample((one, other) => (Key(one) == Key(other)) == one.SequenceEqual(other));

    [Fact]
    public void A_text_that_moves_over_the_boundary_of_two_parts_changes_the_key() =>
        Gen.Select(GenParts, Gen.Int[0, 5]).Where((parts, at) => parts[at].Length > 0).Sample((parts, at) =>
        {
            var moved = parts.ToArray();
            moved[at + 1] = moved[at][^1] + moved[at + 1];
            moved[at] = moved[at][..^1];
            return Key(parts) != Key(moved);
        });

    [Fact]
    public void Equal_normalised_texts_share_a_key_and_no_others_do() =>
        Gen.Select(GenQuestion, GenQuestion, GenForm).Sample(
            (one, other, form) => (Question(one, form) == Question(other, form)) == (QuestionText.Normalise(one, form) == QuestionText.Normalise(other, form)),
            iter: 20_000);

    [Fact]
    public void Another_rule_gives_another_key() =>
        Gen.Select(GenQuestion, GenForm, GenForm).Sample((question, one, other) => (Question(question, one) == Question(question, other)) == (one == other));

    [Fact]
    public void A_normalised_text_is_its_own_normal_form() =>
        Gen.Select(GenQuestion, GenForm).Sample(
            (question, form) => QuestionText.Normalise(QuestionText.Normalise(question, form), form) == QuestionText.Normalise(question, form), iter: 20_000);

    [Fact]
    public void What_the_default_merges_every_agent_that_says_nothing_else_merges() =>
        Gen.Select(GenQuestion, GenQuestion, Gen.Enum<QuestionUnicode>(), Gen.Enum<QuestionCase>()).Sample((one, other, unicode, letters) =>
            QuestionText.Normalise(one, default) != QuestionText.Normalise(other, default)
            || Question(one, new(unicode, default, letters)) == Question(other, new(unicode, default, letters)));

    [Theory]
    [InlineData("nfkc", "What is 2³?", "What is 23?")]
    [InlineData("nfkc", "ﬁnd it", "find it")]
    [InlineData("nfkc", "①", "1")]
    [InlineData("nfkc", "ｶ", "カ")]
    [InlineData("ignore", "Polish", "polish")]
    [InlineData("ignore", "ΟΔΟΣ", "οδος")]
    public void An_agent_may_merge_more(string rule, string one, string other)
    {
        var form = rule == "nfkc" ? new QuestionForm { Unicode = QuestionUnicode.Nfkc } : new QuestionForm { Case = QuestionCase.Ignore };

        Assert.NotEqual(Question(one), Question(other));
        Assert.Equal(Question(one, form), Question(other, form));
    }

    [Theory]
    [InlineData("a b", "a  b")]
    [InlineData("a", "a ")]
    [InlineData("a\nb", "a\r\nb")]
    public void An_agent_may_merge_less(string one, string other)
    {
        Assert.Equal(Question(one), Question(other));
        Assert.NotEqual(Question(one, new QuestionForm { WhiteSpace = QuestionWhiteSpace.Exact }), Question(other, new QuestionForm { WhiteSpace = QuestionWhiteSpace.Exact }));
    }

    [Theory]
    [InlineData("What is 2+2?", "  What   is\t2+2?  ")]
    [InlineData("caf\u00e9", "cafe\u0301")]
    [InlineData("1+1=?", "１＋１＝？")]
    [InlineData("你好 世界?", "你好　世界？")]
    [InlineData("a\nb", "a\r\nb\n")]
    public void Spellings_of_the_same_question_share_a_key(string one, string other) =>
        Assert.Equal(Question(one), Question(other));

    [Theory]
    [InlineData("What is 2³?", "What is 23?")]
    [InlineData("Polish", "polish")]
    [InlineData("What is 1 2?", "What is 12?")]
    [InlineData("if a:\n  b\nc", "if a:\n  b\n  c")]
    public void Questions_that_an_agent_could_tell_apart_do_not(string one, string other) =>
        Assert.NotEqual(Question(one), Question(other));

    [Fact]
    public void Half_a_character_is_a_text_like_any_other() =>
        Assert.NotEqual(Question(new string('\ud83d', 1)), Question(new string('\ud83e', 1)));

    [Fact]
    public void The_key_of_stored_answers_stays_what_it_is() =>
        Assert.StartsWith("f3127cc1395ba3942b64", Question("What is 2+2?").ToString());

    [Fact]
    public void A_history_has_an_order_and_boundaries_and_none_is_empty()
    {
        Assert.Equal(HistoryDigest.Empty, HistoryDigest.Of([]));
        Assert.NotEqual(HistoryDigest.Empty, HistoryDigest.Of([("", "")]));
        Assert.Equal(HistoryDigest.Of([("a", "b"), ("c", "d")]), HistoryDigest.Of([("a", "b"), ("c", "d")]));
        Assert.NotEqual(HistoryDigest.Of([("a", "b"), ("c", "d")]), HistoryDigest.Of([("c", "d"), ("a", "b")]));
        Assert.NotEqual(HistoryDigest.Of([("a", "bc")]), HistoryDigest.Of([("ab", "c")]));
    }

    private static AnswerKey Question(string question, QuestionForm form = default) => AnswerKey.Of(Example with { Question = question, Form = form });

    private static AnswerKey Key(string[] parts) =>
        AnswerKey.Of(new AnswerKeyParts(parts[0], parts[1], parts[2], parts[3], parts[4], parts[5], parts[6]));
}
