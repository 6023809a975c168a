"""Rain in the next hour, as a system: what it reads, which methods it has, what it shows."""

from __future__ import annotations

from hybridcore.nowcast.samples import SAMPLES
from hybridcore.nowcast.tour import TOUR
from hybridcore.options import Choice, Number, Text
from hybridcore.system import Chart, Export, Kind, Reader, System, lazy
from hybridcore.text import write_csv, write_json

_CHARTS = "hybridcore.nowcast.charts"
_EXPORTS = "hybridcore.nowcast.exports"
_VIEW = "hybridcore.nowcast.view"
_NOT_YET = "What falls after now is not in the file, so nothing can be compared yet."
_NO_NETWORK = "This method has no network; choose one that has."

SYSTEM = System(
    key="nowcast",
    title="Rain in the next hour",
    icon=":material/rainy:",
    rank=90,
    sentence="Drop radar pictures: a ConvLSTM that moves with the rain says what grows and what "
             "decays in the next hour, beside the rain that only moves on.",
    papers=(
        "Shi, Chen, Wang, Yeung, Wong & Woo, Convolutional LSTM Network: A Machine Learning "
        "Approach for Precipitation Nowcasting, NeurIPS 2015",
        "Germann & Zawadzki, Scale-Dependence of the Predictability of Precipitation from "
        "Continental Radar Images, Part I, Monthly Weather Review 2002 (Lagrangian persistence)",
        "Kroeger, Timofte, Dai & Van Gool, Fast Optical Flow using Dense Inverse Search, ECCV 2016",
        "Sønderby et al., MetNet: A Neural Weather Model for Precipitation Forecasting, 2020 (a "
        "distribution over bins of rain)",
        "Marshall & Palmer, The Distribution of Raindrops with Size, Journal of Meteorology 1948",
    ),
    limits=(
        "It sees rain that is there, and nothing of the air: showers that are yet to form, and "
        "rain that enters from outside the map, are not foreseen.",
        "What is drawn is the expected rain. It becomes smoother with every minute, so that heavy "
        "cores look weaker than they will be; the chances say how likely heavy rain is.",
        "Radar errs too: hills, hail, snow and echoes of the ground are read as rain. Not for "
        "warnings, nor for anything where a wrong hour does harm.",
    ),
    reads=(Reader("radar", lazy("hybridcore.media.radar:RadarSequence.open")),),
    joins=("radar", "picture"),
    kinds=(
        Kind("corrector", "Moves and remembers", "nowcast_corrector"),
        Kind("single", "Moves, no memory", "nowcast_single", memory=False),
        Kind("plain", "Fixed map", "nowcast_plain"),
        Kind("lagrangian", "Only moves", memory=False),
        Kind("persistence", "Stays", memory=False),
    ),
    options=(
        Choice(key="hide", title="Kept back", default="auto", rerun=True,
               choices={"auto": "an hour, where it is an old record",
                        **{str(m): f"{m} min" for m in range(0, 70, 10)}},
               help="Minutes at the end of the file that the forecast does not see, so that both "
                    "stand side by side."),
        Text(key="point", title="Point", placeholder="12, -30", of_input=True,
             help="Kilometres east and north of the middle, such as 12, -30; empty: where most "
                  "rain comes by. A click on the map below sets it too."),
        Choice(key="threshold", title="Rain of at least, mm/h", default="1",
               choices={"0.1": "0.1", "0.5": "0.5", "1": "1", "5": "5"},
               help="The chances over the map, and what counts as rain in the scores."),
        Choice(key="colours", title="Colours", default="usual",
               choices={"usual": "Usual", "safe": "Colour-blind safe"}),
        Number(key="map_unit", title="Unit of the memory", default=0, low=0, high=24, step=1,
               kinds=("corrector", "single", "plain"),
               help="Whose maps “Memory as maps” shows; 0: the one that moves most."),
        Number(key="lead", title="Minutes ahead", default=60, low=10, high=60, step=10,
               help="How far the forecast goes."),
    ),
    samples=SAMPLES,
    outputs=lazy("hybridcore.nowcast.result:NowcastOutputs"),
    load=lazy("hybridcore.nowcast.predict:RainForecaster.load"),
    text=lambda answer: answer.result.to_text(),
    headline=lambda answer: answer.result.headline(),
    view=lazy(f"{_VIEW}:player_view"),
    events=lazy(f"{_VIEW}:events"),
    facts=lazy(f"{_CHARTS}:facts"),
    notes=lazy("hybridcore.nowcast.notes:notes"),
    states=lazy(f"{_CHARTS}:states"),
    flow=lazy(f"{_CHARTS}:flow"),
    charts=(
        Chart("point", "Rain at the point",
              "Rain at the point over time: observed, then forecast with its spread",
              lazy(f"{_CHARTS}:point"), over_time=True),
        Chart("maps", "Side by side",
              "Maps of what was observed, the forecast, the rain that only moves, and the error",
              lazy(f"{_CHARTS}:side_by_side"), at_frame=True),
        Chart("skill", "Skill by lead time, in this clip",
              "CSI and RMSE of every method by minutes after now", lazy(f"{_CHARTS}:skill"),
              empty=_NOT_YET,
              note="CSI: of the pixels where rain of at least so much was said or came, those "
                   "where both are true; higher is better. Networks say it from the chance on that "
                   "promises most. Of RMSE lower is better. One clip is one weather: the card has "
                   "the figures of many."),
        Chart("motion", "Motion", "The rain now, and arrows as long as its way in 20 minutes",
              lazy(f"{_CHARTS}:motion"), inside=True,
              note="Dense optical flow of the last fields, smoothed and carried to where it is "
                   "dry. An arrow is the way of 20 minutes."),
        Chart("change", "Growth and decay",
              "Where the network lets the moved rain grow, orange, and decay, blue",
              lazy(f"{_CHARTS}:change"), inside=True, empty=_NO_NETWORK,
              note="The expected rain minus the rain that only moves. Blue cores beside orange "
                   "rims are doubt about the place: the expected value spreads."),
        Chart("growth", "Growth by lead",
              "How much rain grows and decays over the map at every lead",
              lazy(f"{_CHARTS}:growth"), inside=True, at_frame=True, empty=_NO_NETWORK,
              note="Means over the map of what is added and of what is taken away."),
        Chart("keeps", "How rain keeps",
              "How likely rain of each strength is of each strength later",
              lazy(f"{_CHARTS}:keeps"), inside=True, at_frame=True, empty=_NO_NETWORK,
              note="The table that the network begins with, in the frame of its motion: learned, "
                   "and corrected by what became of the rain of this very clip. Dark is likely."),
        Chart("memory", "Memory as maps",
              "States and gates of one unit of the ConvLSTM as maps, at every step",
              lazy(f"{_CHARTS}:memory_maps"), inside=True, empty=_NO_NETWORK,
              note="The upper layer, a quarter as fine as the rain. Steps up to now are read, "
                   "those after it are foretold. Blue below zero, orange above; gates from clear, "
                   "shut, to dark, open. Options choose the unit."),
        Chart("reliability", "Reliability, in this clip",
              "How often it came where a chance was said", lazy(f"{_CHARTS}:calibration"),
              inside=True,
              empty="Nothing that followed is known, or this method says no chances.",
              note="Of 1 mm/h or more, over all pixels and leads; a point on the dashed line is as "
                   "likely as it was said. The larger the dot, the more pixels."),
        Chart("methods", "Methods at the point", "Table of what every method says at the point",
              lazy(f"{_CHARTS}:side_table"), inside=True,
              note="In brackets the rates of 10 and 90 %."),
    ),
    exports=(
        Export(key="csv", title="CSV of the point", file_name="nowcast-point.csv", mime="text/csv",
               write=write_csv),
        Export(key="skill", title="CSV of the skill", file_name="nowcast-skill.csv",
               mime="text/csv", write=lazy(f"{_EXPORTS}:write_skill"),
               fits=lazy(f"{_EXPORTS}:has_skill")),
        Export(key="json", title="JSON", file_name="nowcast.json", mime="application/json",
               write=write_json),
        Export(key="netcdf", title="netCDF", file_name="nowcast.nc", mime="application/x-netcdf",
               write=lazy(f"{_EXPORTS}:write_nc")),
        Export(key="png", title="PNG of the hour", file_name="nowcast.png", mime="image/png",
               write=lazy(f"{_EXPORTS}:write_png")),
        Export(key="gif", title="GIF", file_name="nowcast.gif", mime="image/gif",
               write=lazy(f"{_EXPORTS}:write_gif"), slow=True),
        Export(key="mp4", title="MP4", file_name="nowcast.mp4", mime="video/mp4",
               write=lazy(f"{_EXPORTS}:write_mp4"), slow=True),
    ),
    parts={"edit": "pages.nowcast.place:choose_place"},
    tour=TOUR,
)
