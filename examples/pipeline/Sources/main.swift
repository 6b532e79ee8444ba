// A sheet of pictures that follow a sketch: pipeline SKETCH CLASS OUTPUT
import ARPG
import ARPGImageFiles
import ARPGStarter
import CannyControl
import ClassControl

let arguments = CommandLine.arguments
precondition(arguments.count == 4, "usage: pipeline SKETCH CLASS OUTPUT")

var adapters = AdapterRegistry()
try ClassControl.register(in: &adapters)
try CannyControl.register(in: &adapters)
let pipeline = Pipeline(try Model.load(Starter.path()), adapters: adapters)

let controls = try pipeline.prepare([
  ControlSpecification("canny", .image(try ImageFile.read(arguments[1])), strength: 0.9),
  ControlSpecification("class", .text(arguments[2])),
])
let pictures = try pipeline.generate(controls, count: 4, seed: 7).map(\.image)
try ImageFile.write(ContactSheet().image(of: pictures), to: arguments[3])
print(arguments[3])
