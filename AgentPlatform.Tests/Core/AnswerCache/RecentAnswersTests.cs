using AgentPlatform.Core.AnswerCache;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace AgentPlatform.Tests.Core.AnswerCache;

public sealed class RecentAnswersTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void An_answer_is_remembered_for_its_time_and_no_longer_than_it_is_fresh()
    {
        var recent = new RecentAnswers(new AnswerCacheOptions(), _time);
        recent.Add(Key("long"), Answer(fresh: TimeSpan.FromHours(1)));
        recent.Add(Key("short"), Answer(fresh: TimeSpan.FromSeconds(1)));

        Assert.True(recent.TryFind(Key("short"), out _));
        _time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.False(recent.TryFind(Key("short"), out _));
        // What is added later does not push it out before its time.
        recent.Add(Key("other"), Answer());
        Assert.True(recent.TryFind(Key("long"), out _));
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.False(recent.TryFind(Key("long"), out _));
        Assert.True(recent.TryFind(Key("other"), out _));
    }

    [Fact]
    public void Its_size_is_bounded_and_the_oldest_go_first()
    {
        var recent = new RecentAnswers(new AnswerCacheOptions { RememberBytes = 100_000 }, _time);
        for (var n = 0; n < 1000; n++)
        {
            recent.Add(Key($"{n}"), Answer());
        }

        var found = Enumerable.Range(0, 1000).Where(n => recent.TryFind(Key($"{n}"), out _)).ToArray();
        Assert.InRange(found.Length, 40, 100);
        Assert.Equal(Enumerable.Range(1000 - found.Length, found.Length), found);
    }

    [Fact]
    public void What_is_larger_than_all_of_it_is_not_remembered()
    {
        var recent = new RecentAnswers(new AnswerCacheOptions { RememberBytes = 10_000 }, _time);
        recent.Add(Key("q"), Answer() with { Answer = new string('x', 10_000) });

        Assert.False(recent.TryFind(Key("q"), out _));
    }

    [Fact]
    public void Remembering_nothing_is_a_choice()
    {
        var recent = new RecentAnswers(new AnswerCacheOptions { RememberFor = TimeSpan.Zero }, _time);
        recent.Add(Key("q"), Answer());

        Assert.False(recent.TryFind(Key("q"), out _));
    }

    [Fact]
    public void A_look_up_allocates_nothing()
    {
        var recent = new RecentAnswers(new AnswerCacheOptions(), TimeProvider.System);
        recent.Add(Key("q"), Answer() with { FreshUntil = TimeProvider.System.GetUtcNow().AddHours(1) });
        var (key, found) = (Key("q"), 0);
        Find(1000);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Find(1000);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(2000, found);

        void Find(int times)
        {
            for (var i = 0; i < times; i++)
            {
                found += recent.TryFind(key, out _) ? 1 : 0;
            }
        }
    }

    private static AnswerKey Key(string question) => AnswerKey.Of(new AnswerKeyParts("t", "a", "v", "m", "", "", question));

    private CachedAnswer Answer(TimeSpan? fresh = null) => new()
    {
        Answer = "4",
        Model = "m",
        AgentVersion = "v",
        SourceRunId = Guid.CreateVersion7(),
        FreshUntil = _time.GetUtcNow() + (fresh ?? TimeSpan.FromHours(1)),
    };
}
