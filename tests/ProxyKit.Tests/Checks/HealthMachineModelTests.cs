using ProxyKit.Checks;

namespace ProxyKit.Tests.Checks;

/// <summary>Random events against a reference that remembers all results and looks them through each time.</summary>
public sealed class HealthMachineModelTests
{
    [Theory]
    [MemberData(nameof(Seeds))]
    public void Machine_agrees_with_a_reference_that_remembers_everything(int seed)
    {
        var random = new Random(seed);
        var (rise, fall) = (random.Next(1, 5), random.Next(1, 5));
        var machine = new HealthMachine { IsChecked = true, HasAgent = true };
        machine.Check.SetLimits(rise, fall);
        machine.Start();
        var reference = new Reference(rise, fall);
        for (var step = 0; step < 400; step++)
        {
            switch (random.Next(10))
            {
                case < 3:
                    machine.NoteCheck(CheckVerdict.Passed);
                    reference.Check(passes: true, conditionally: false);
                    break;
                case < 6:
                    machine.NoteCheck(CheckVerdict.Failed);
                    reference.Check(passes: false, conditionally: false);
                    break;
                case 6:
                    machine.NoteCheck(CheckVerdict.Conditional);
                    reference.Check(passes: true, conditionally: true);
                    break;
                case 7:
                    var isUp = random.Next(2) == 0;
                    machine.NoteAgent(isUp);
                    reference.Agent(isUp);
                    break;
                case 8:
                    var enters = random.Next(2) == 0;
                    machine.SetAdmin(enters ? AdminFlags.ForcedMaintenance : AdminFlags.None, enters ? AdminFlags.None : AdminFlags.ForcedMaintenance);
                    reference.Maintenance(enters);
                    break;
                default:
                    var drains = random.Next(2) == 0;
                    machine.SetAdmin(drains ? AdminFlags.ForcedDrain : AdminFlags.None, drains ? AdminFlags.None : AdminFlags.ForcedDrain);
                    reference.IsDraining = drains;
                    break;
            }

            Assert.Equal((reference.State, reference.InMaintenance, reference.IsDraining), (machine.State, machine.InMaintenance, machine.IsDraining));
        }
    }

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 200)];

    /// <summary>Up means: no run of <c>fall</c> failures since there was a run of <c>rise</c> passes, or since the start.</summary>
    private sealed class Reference(int rise, int fall)
    {
        private int _passes, _failures;
        private bool _isUp = true, _isFragile = true, _agentIsUp = true, _wantsNone;

        public bool InMaintenance { get; private set; }

        public bool IsDraining { get; set; }

        public OperationalState State { get; private set; }

        public void Check(bool passes, bool conditionally)
        {
            if (InMaintenance)
            {
                return;
            }

            (_passes, _failures) = passes ? (_passes + 1, 0) : (0, _failures + 1);
            if (!passes && _isUp && (_isFragile || _failures >= fall))
            {
                _isUp = false;
            }
            else if (passes && (_isUp || _passes >= rise))
            {
                (_isUp, _isFragile) = (true, false);
            }

            if (!passes)
            {
                State = _isUp ? State : OperationalState.Stopped;
            }
            else if (_isUp && _agentIsUp)
            {
                _wantsNone = conditionally;
                State = _wantsNone ? OperationalState.Stopping : OperationalState.Running;
            }
        }

        public void Agent(bool isUp)
        {
            _agentIsUp = isUp;
            if (InMaintenance)
            {
                return;
            }

            State = !isUp ? OperationalState.Stopped
                : State == OperationalState.Stopped && _isUp ? OperationalState.Running
                : State;
        }

        public void Maintenance(bool enters)
        {
            if (enters)
            {
                State = OperationalState.Stopped;
            }
            else if (InMaintenance)
            {
                (_passes, _failures, _isUp, _isFragile) = (0, 0, true, true);
                State = _agentIsUp ? OperationalState.Running : OperationalState.Stopped;
            }

            InMaintenance = enters;
        }
    }
}
