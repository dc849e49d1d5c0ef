using ProxyKit.Statistics;
using ProxyKit.Testing;

namespace ProxyKit.Tests.Statistics;

public sealed class TrafficCountersTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly TrafficCounters _counters;

    public TrafficCountersTests() => _counters = new TrafficCounters(_time);

    public static TheoryData<int, string> Classes => new()
    {
        { 101, nameof(ResponseCounts.Informational) },
        { 200, nameof(ResponseCounts.Successful) },
        { 304, nameof(ResponseCounts.Redirections) },
        { 404, nameof(ResponseCounts.ClientErrors) },
        { 599, nameof(ResponseCounts.ServerErrors) },
        { 600, nameof(ResponseCounts.Other) },
        { 0, nameof(ResponseCounts.Other) },
        { -1, nameof(ResponseCounts.Other) },
    };

    [Theory]
    [MemberData(nameof(Classes))]
    public void Response_counts_in_one_class(int status, string name)
    {
        _counters.End(default(TrafficTally).WithResponse(status));

        var responses = _counters.Read().Responses;
        Assert.Equal(1L, typeof(ResponseCounts).GetProperty(name)?.GetValue(responses));
        Assert.Equal(1, responses.Informational + responses.Successful + responses.Redirections + responses.ClientErrors + responses.ServerErrors + responses.Other);
    }

    [Fact]
    public void Rate_is_of_the_last_second_and_its_most_is_kept()
    {
        for (var i = 0; i < 5; i++)
        {
            _counters.CountSession(_time.GetTimestamp(), i + 1);
        }

        Assert.Equal(5, _counters.SessionRate);
        _time.Advance(TimeSpan.FromSeconds(3));

        var read = _counters.Read();
        Assert.Equal((0, 5, 5, 5L), (read.Sessions.Now, read.Sessions.Most, read.MostCurrent, read[TrafficEvent.Session]));
    }

    [Fact]
    public async Task Exchange_is_read_whole_or_not_at_all()
    {
        var tally = new TrafficTally(0, 1, 1, 1, new TrafficTimes(1, 1, 1, 1)).With(TrafficEvent.Ended).WithResponse(200);
        var isOver = false;
        var reader = Task.Run(ReadAll, TestContext.Current.CancellationToken);
        for (var i = 0; i < 100_000; i++)
        {
            _counters.End(tally);
        }

        Volatile.Write(ref isOver, true);
        await reader;

        void ReadAll()
        {
            while (!Volatile.Read(ref isOver))
            {
                var read = _counters.Read();
                Assert.Equal(read.BytesIn, read.BytesOut);
                Assert.Equal(read.BytesIn, read[TrafficEvent.Ended]);
                Assert.Equal(read.BytesIn, read.Responses.Successful);
            }
        }
    }

    [Fact]
    public void Counting_allocates_nothing() => Allocations.AssertNone(() =>
    {
        var now = _time.GetTimestamp();
        _counters.CountConnection(now);
        _counters.CountRequest(now);
        _counters.NoteWork(now, 3);
        _counters.Count(TrafficEvent.Reuse);
        _counters.End(new TrafficTally(0, 1, 2, 0, new TrafficTimes(1, 2, 3, 4)).WithResponse(200).With(TrafficEvent.Ended));
    });
}
