using Microsoft.Extensions.Logging;

namespace ProxyKit.PostgreSql.Tests;

public sealed class ThrowingLogTests
{
    [Fact]
    public async Task Log_that_throws_ends_nothing_and_keeps_nobody_from_stopping()
    {
        using var log = new ThrowingLog();
        await using var proxy = Proxy.Create(static p => p.AddFrontend("f", static f => f.Bind("127.0.0.1:0").DefaultBackend("b")).AddBackend("b", static _ => { }));
        await using var gateway = new PostgreSqlGateway("Host=127.0.0.1;Port=1;Username=u", null, log);
        gateway.Start(proxy);
        await log.Asked.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        await gateway.StopAsync(TestContext.Current.CancellationToken);

        Assert.True(gateway.Leases.IsAway);
    }

    private sealed class ThrowingLog : ILoggerFactory, ILogger
    {
        private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Asked => _asked.Task;

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider)
        {
            // It tells nobody.
        }

        public void Dispose()
        {
            // There is nothing to let go of.
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            _asked.TrySetResult();
            throw new InvalidOperationException("a log that throws");
        }
    }
}
