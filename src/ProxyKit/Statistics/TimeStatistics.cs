namespace ProxyKit.Statistics;

/// <summary>How long requests took of late, and at most. To the millisecond; zero before the first one.</summary>
/// <remarks>A mean is of the last 1024: up to there an exact one, from there on each that comes takes the place of a mean one.</remarks>
/// <param name="Queue">The mean wait for a slot. HAProxy: <c>qtime</c>, <c>queue_time_average_seconds</c>.</param>
/// <param name="Connect">The mean time to connect. HAProxy: <c>ctime</c>, <c>connect_time_average_seconds</c>.</param>
/// <param name="Response">The mean time from there to the response's head; zero for TCP connections. HAProxy: <c>rtime</c>, <c>response_time_average_seconds</c>.</param>
/// <param name="Total">The mean time from the request's first byte to the end. HAProxy: <c>ttime</c>, <c>total_time_average_seconds</c>.</param>
/// <param name="MaxQueue">The longest wait for a slot. HAProxy: <c>qtime_max</c>, <c>max_queue_time_seconds</c>.</param>
/// <param name="MaxConnect">The longest time to connect. HAProxy: <c>ctime_max</c>, <c>max_connect_time_seconds</c>.</param>
/// <param name="MaxResponse">The longest time to a response's head. HAProxy: <c>rtime_max</c>, <c>max_response_time_seconds</c>.</param>
/// <param name="MaxTotal">The longest time of all. HAProxy: <c>ttime_max</c>, <c>max_total_time_seconds</c>.</param>
public readonly record struct TimeStatistics(
    TimeSpan Queue, TimeSpan Connect, TimeSpan Response, TimeSpan Total, TimeSpan MaxQueue, TimeSpan MaxConnect, TimeSpan MaxResponse, TimeSpan MaxTotal);
